-- One row per group of calls and key of a bill that are the same traffic.
--
-- A vendor's own log and report are about the same calls. The person's word comes first. Then the amounts: of Claude Code's own keys, days that agree by model within a tenth; of any other key,
-- within a twentieth on at least three days and models. A key of Claude Code that neither speaks for is assumed to be the transcripts' on
-- days on which no other key is, and so is a key that only has an id and that they fit into: no dollar counts twice, and none that the
-- transcripts have beyond it is lost.
create or replace temp table claim_key_day as
with
stated as (
    select
        bill, whose, key, of_claude_code, coalesce(paid_from_stated in ('plan', 'credits'), false) as by_plan, day, model, class,
        sum(cost_nanos) as nanos
    from claim_stated
    where model is not null
    group by all
),

best as (
    select bill, whose, key, of_claude_code, by_plan, day, model, arg_min(nanos, o.position) filter (nanos is not null) as nanos
    from stated
    left join claim_order as o using (class)
    group by all
)

select bill, key, of_claude_code, by_plan, day, model, coalesce(nanos, 0) as nanos from best
union all
-- all keys of Claude Code in one account, as one, where there are several
select b.bill, concat_ws(' ', b.whose, '*', b.by_plan::varchar) as key, true, b.by_plan, b.day, b.model, sum(coalesce(b.nanos, 0)) as nanos
from best as b
inner join (
    select whose, by_plan from best where of_claude_code group by whose, by_plan having count(distinct key) > 1
) as several on b.whose = several.whose and b.by_plan = several.by_plan
where b.of_claude_code
group by b.bill, b.whose, b.by_plan, b.day, b.model;

create or replace temp table claim_agreement as
with
item_day as (
    select items, bill, of_claude_code, by_plan, day, model, sum(coalesce(estimated_nanos, 0)) as nanos from claim_item group by all
),

paired as (  -- days that both know
    select distinct i.items, k.key, k.of_claude_code, k.bill <> 'anthropic' as is_same_vendor, i.day
    from (select distinct items, bill, of_claude_code, by_plan, day from item_day) as i
    inner join (select distinct bill, key, of_claude_code, by_plan, day from claim_key_day) as k
        on i.day = k.day and k.bill = i.bill and (i.of_claude_code or not k.of_claude_code) and (k.by_plan or not i.by_plan)
),

cell as (
    select p.items, p.key, p.of_claude_code, p.is_same_vendor, p.day, i.model, i.nanos as item_nanos, 0 as key_nanos
    from paired as p
    inner join item_day as i using (items, day)
    union all
    select p.items, p.key, p.of_claude_code, p.is_same_vendor, p.day, k.model, 0 as item_nanos, k.nanos as key_nanos
    from paired as p
    inner join claim_key_day as k using (key, day)
),

judged as (
    select items, key, of_claude_code, is_same_vendor, day, model, sum(item_nanos) as item_nanos, sum(key_nanos) as key_nanos
    from cell
    group by all
)

select
    items,
    key,
    of_claude_code or is_same_vendor as is_named,
    count(*) filter (item_nanos > 0 and key_nanos > 0) as cells,
    sum(least(item_nanos, key_nanos))::double / nullif(sum(greatest(item_nanos, key_nanos)), 0)::double as agreement,
    sum(least(item_nanos, key_nanos))::double / nullif(sum(item_nanos), 0)::double as contained
from judged
group by all;

create or replace temp table claim_link_now as
with
said as (
    select distinct i.items, k.key, c.same
    from claim_choice as c
    inner join (select distinct items, account from claim_item) as i on c.account is null or c.account = i.account
    inner join (select distinct key, app, account from claim_stated) as k on c.key = k.app
),

candidate as (
    select items, key, true as confirmed, 'said' as reason, null::double as agreement from said where same
    union all
    select a.items, k.key, true, 'agree', a.agreement
    from claim_agreement as a
    inner join (  -- all of Claude Code's keys together, or one
        select distinct key, key as compared from claim_stated
        union all
        select distinct key, concat_ws(' ', whose, '*', coalesce(paid_from_stated in ('plan', 'credits'), false)::varchar)
        from claim_stated
        where of_claude_code
    ) as k on a.key = k.compared
    where (a.is_named and a.agreement >= 0.9) or (a.agreement >= 0.95 and a.cells >= 3)
    union all
    select items, key, false, 'named', agreement
    from claim_agreement
    where is_named and key in (select key from claim_stated)
    union all
    -- an id that nothing names may be a key of Claude Code
    select a.items, a.key, false, 'contained', a.agreement
    from claim_agreement as a
    inner join (select distinct key from claim_stated where starts_with(app, 'apikey_')) as k using (key)
    where starts_with(a.items, 'claude_code ') and a.contained >= 0.9 and a.cells >= 2
)

select
    items,
    key,
    bool_or(confirmed) as confirmed,
    coalesce(max(reason) filter (confirmed), max(reason)) as reason,
    max(agreement) as agreement
from candidate
anti join (select items, key from said where not same) as denied using (items, key)
where reason = 'said' or items not in (select items from said where same)
group by items, key;

-- What is to be settled: the touched days, and all where a link or the rules changed.
create or replace temp table claim_day as
with
change as (
    (select items, key, confirmed from claim_link except select items, key, confirmed from claim_link_now)
    union all
    (select items, key, confirmed from claim_link_now except select items, key, confirmed from claim_link)
)

select day from touched_day
union
select day from (
    select day from claim
    union
    select day from call where grain <> 'call'
)
where exists (from change) or not exists (from claim_rule);

delete from claim_link;

insert into claim_link
select items, key, confirmed, reason, agreement from claim_link_now;

insert into touched_day
select day from claim_day where day not in (select day from touched_day)
