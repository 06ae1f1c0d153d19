-- One row per bucket that counts, and one per amount that nothing itemizes.
--
-- The first source in `claim_order` gives the total of a key, day and model; the finest itemizes it: calls, else the usage report. What they
-- do not explain is one row, "not itemized". It is negative where they come to more: the price of each call stays its own, and the total
-- is the bill's. Where it is only assumed that the calls are on the key, what they have beyond it stays.
create or replace temp table claim_link_day as
select items, key, confirmed, day
from (
    select l.items, l.key, l.confirmed, k.day, bool_or(l.confirmed) over (partition by l.items, k.day) as any_confirmed
    from claim_link as l
    inner join (select distinct key, day from claim_stated where day in (select day from claim_day)) as k using (key)
    semi join claim_item as i on l.items = i.items and k.day = i.day
) as linked
where confirmed or not any_confirmed;

-- a report that names no keys is about all of them
create or replace temp table claim_shared as
select items, key, day, confirmed from claim_link_day
union all
select distinct concat('all of ', s.whose) as items, s.key, s.day, true as confirmed
from claim_stated as s
semi join (select whose, day from claim_stated where is_broad) as b using (whose, day)
where s.day in (select day from claim_day);

create or replace temp table claim_purse as  -- the keys of a day that share a group of calls are one purse
with
labelled as (
    select l.key, l.day, min(least(l.key, f.key)) as purse
    from claim_shared as l
    inner join (select items, day, min(key) as key from claim_shared group by items, day) as f using (items, day)
    group by all
),

again as (
    select l.items, l.day, min(p.purse) as purse
    from claim_shared as l
    inner join labelled as p using (key, day)
    group by all
)

select
    l.key,
    l.day,
    min(a.purse) as purse
from claim_shared as l
inner join again as a using (items, day)
group by all;

create or replace temp table claim_due as
select
    s.* exclude (reports),
    coalesce(p.purse, s.key) as purse,
    l.key is not null as is_linked
from claim_stated as s
left join claim_purse as p on s.key = p.key and s.day = p.day
left join (select distinct key, day from claim_link_day) as l on s.key = l.key and s.day = l.day
where s.day in (select day from claim_day);

create or replace temp table claim_report as
select
    purse,
    day,
    model,
    class,
    any_value(bill) as bill,
    any_value(o.position) as position,
    min(case grain when 'minute' then 0 when 'hour' then 1 else 2 end) as coarseness,
    case when count(distinct app) = 1 then min(app) when bool_and(of_claude_code) then 'Claude Code' else 'All API keys' end as app,
    bool_or(is_broad) as is_broad,
    case when count(distinct coalesce(project, '')) = 1 then min(project) end as project,
    case when count(distinct coalesce(account, '')) = 1 then min(account) end as account,
    min(model_raw) as model_raw,
    min(import_id) as import_id,
    count(*) as rows,
    sum(cost_nanos)::bigint as nanos,
    sum(estimated_cost_nanos)::bigint as estimated_nanos,
    sum(cost_nanos) filter (not is_linked)::bigint as free_nanos,
    sum(estimated_cost_nanos) filter (not is_linked)::bigint as free_estimated_nanos,
    sum(input_tokens) filter (is_linked)::bigint as input_tokens,
    sum(cache_read_tokens) filter (is_linked)::bigint as cache_read_tokens,
    sum(cache_write_5m_tokens) filter (is_linked)::bigint as cache_write_5m_tokens,
    sum(cache_write_1h_tokens) filter (is_linked)::bigint as cache_write_1h_tokens,
    sum(output_tokens) filter (is_linked)::bigint as output_tokens
from claim_due
left join claim_order as o using (class)
group by all;

create or replace temp table claim_itemized as
select
    l.purse,
    i.day,
    i.model,
    bool_and(l.confirmed) as confirmed,
    sum(i.nanos)::bigint as nanos,
    sum(i.estimated_nanos)::bigint as estimated_nanos,
    coalesce(sum(i.nanos) filter (l.confirmed), 0)::bigint as sure_nanos,
    coalesce(sum(i.estimated_nanos) filter (l.confirmed), 0)::bigint as sure_estimated_nanos,
    sum(i.input_tokens)::bigint as input_tokens,
    sum(i.cache_read_tokens)::bigint as cache_read_tokens,
    sum(i.cache_write_5m_tokens)::bigint as cache_write_5m_tokens,
    sum(i.cache_write_1h_tokens)::bigint as cache_write_1h_tokens,
    sum(i.output_tokens)::bigint as output_tokens,
    min(i.position) as position
from claim_item as i
inner join (
    select k.items, k.day, min(p.purse) as purse, bool_and(k.confirmed) as confirmed
    from claim_link_day as k
    inner join claim_purse as p using (key, day)
    group by all
) as l using (items, day)
group by all;

create or replace temp table claim_cell as
with
known as (
    select distinct purse, day, model from claim_report
    union
    select distinct purse, day, model from claim_itemized where sure_nanos > 0
),

total as (  -- of the first in the order that has a price
    select
        purse,
        day,
        model,
        min(position) filter (nanos is not null) as position,
        arg_min(nanos, position) filter (nanos is not null) as nanos,
        arg_min(estimated_nanos, position) filter (nanos is not null) as estimated_nanos,
        arg_min(class, position) filter (nanos is not null) as class,
        coalesce(
            min(coarseness) filter (class = 'usage_report')
            < min(coarseness) filter (class <> 'usage_report' and nanos is not null),
            false
        ) as usage_is_finer,
        bool_or(class = 'usage_report') as has_usage,
        bool_or(is_broad) as is_broad,
        coalesce(sum(nanos) filter (class = 'usage_report'), 0)::bigint as usage_nanos,
        coalesce(sum(estimated_nanos) filter (class = 'usage_report'), 0)::bigint as usage_estimated_nanos,
        coalesce(sum(free_nanos) filter (class = 'usage_report'), 0)::bigint as free_nanos,
        coalesce(sum(free_estimated_nanos) filter (class = 'usage_report'), 0)::bigint as free_estimated_nanos
    from claim_report
    group by all
),

named as (  -- what is stated of the keys that calls are only assumed to be on
    select k.purse, k.day, d.model, sum(d.nanos)::bigint as nanos
    from (
        select distinct p.purse, l.key, l.day
        from claim_link_day as l
        inner join claim_purse as p using (key, day)
        where not l.confirmed
    ) as k
    inner join claim_key_day as d using (key, day)
    group by all
),

purse_day as (
    select
        purse,
        day,
        arg_min(bill, row(class, bill)) as bill,
        arg_min(app, row(class, app)) as app,
        arg_min(project, row(class, project)) as project,
        arg_min(account, row(class, account)) as account,
        min(import_id) as import_id,
        bool_or(class in ('invoice', 'cost_report')) as is_billed,
        min(position) as position
    from claim_report
    group by all
)

select
    k.purse,
    k.day,
    k.model,
    p.bill,
    p.app,
    p.project,
    p.account,
    p.import_id,
    p.is_billed,
    i.purse is not null as is_itemized,
    coalesce(i.confirmed, true) as confirmed,
    coalesce(t.position, p.position) as position,
    i.position as item_position,
    coalesce(t.class, 'usage_report') as class,
    not coalesce(t.class = 'usage_report', true) and (t.usage_is_finer or t.is_broad and t.has_usage) as splits,
    coalesce(t.nanos, 0) as nanos,
    coalesce(t.estimated_nanos, 0) as estimated_nanos,
    case when i.purse is not null then coalesce(i.nanos, 0) + coalesce(t.free_nanos, 0) else t.usage_nanos end as item_nanos,
    case
        when i.purse is not null then coalesce(i.estimated_nanos, 0) + coalesce(t.free_estimated_nanos, 0)
        else t.usage_estimated_nanos
    end as item_estimated_nanos,
    -- what calls have beyond the keys that they are only assumed to be on
    coalesce(greatest(i.nanos - i.sure_nanos - coalesce(n.nanos, 0), 0), 0) as beyond_nanos,
    coalesce(greatest(i.estimated_nanos - i.sure_estimated_nanos - coalesce(n.nanos, 0), 0), 0) as beyond_estimated_nanos
from known as k
inner join purse_day as p using (purse, day)
left join total as t on k.purse = t.purse and k.day = t.day and k.model is not distinct from t.model
left join claim_itemized as i on k.purse = i.purse and k.day = i.day and k.model is not distinct from i.model
left join named as n on k.purse = n.purse and k.day = n.day and k.model is not distinct from n.model;

delete from stored_call
where grain <> 'call' and day in (select day from claim_day);

-- Buckets that count: those of the bill where nothing itemizes it, and those of a usage report where no calls do. A usage report that is
-- finer than the bill, or names keys where that names none, splits it; another only says how many tokens it was.
insert into stored_call by name
select
    d.* exclude (
        class, bill, whose, key, of_claude_code, is_broad, purse, is_linked, cost_nanos, estimated_cost_nanos, counted_elsewhere
    ),
    case
        when d.class = c.class then d.cost_nanos
        when c.splits or c.is_itemized then coalesce(d.cost_nanos, 0)
        else 0
    end as cost_nanos,
    case
        when d.class = c.class then d.estimated_cost_nanos
        when c.splits or c.is_itemized then coalesce(d.estimated_cost_nanos, 0)
        else 0
    end as estimated_cost_nanos,
    d.class <> c.class and (not (c.splits or c.is_itemized) or d.cost_nanos is null) as counted_elsewhere
from claim_due as d
inner join claim_cell as c on d.purse = c.purse and d.day = c.day and d.model is not distinct from c.model
where
    case
        when d.class = 'usage_report' then not (c.is_itemized and d.is_linked)
        else d.class = c.class and not c.splits and not c.is_itemized
    end;

insert into stored_call by name
select * exclude (bill, class) from claim_coarse where day in (select day from claim_day);

insert into stored_call by name
with
rest as (
    select
        *,
        nanos - item_nanos + beyond_nanos as rest_nanos,
        estimated_nanos - item_estimated_nanos + beyond_estimated_nanos as rest_estimated_nanos
    from claim_cell
    where splits or (is_itemized and position <= item_position)
),

counted as (  -- tokens of the usage report that nothing itemizes
    select
        r.purse,
        r.day,
        r.model,
        r.model_raw,
        greatest(r.input_tokens - coalesce(i.input_tokens, 0), 0) as input_tokens,
        greatest(r.cache_read_tokens - coalesce(i.cache_read_tokens, 0), 0) as cache_read_tokens,
        greatest(r.cache_write_5m_tokens - coalesce(i.cache_write_5m_tokens, 0), 0) as cache_write_5m_tokens,
        greatest(r.cache_write_1h_tokens - coalesce(i.cache_write_1h_tokens, 0), 0) as cache_write_1h_tokens,
        greatest(r.output_tokens - coalesce(i.output_tokens, 0), 0) as output_tokens
    from claim_report as r
    inner join claim_itemized as i on r.purse = i.purse and r.day = i.day and r.model is not distinct from i.model
    where r.class = 'usage_report'
)

select
    'not_itemized' as source,
    concat_ws(' ', r.day::varchar, r.purse, coalesce(r.model, '-')) as event_id,
    '' as part,
    r.import_id,
    'day' as grain,
    r.day::timestamp as occurred_at,
    r.app,
    r.account,
    r.project,
    r.model,
    coalesce(t.model_raw, r.model) as model_raw,
    t.input_tokens,
    t.cache_read_tokens,
    t.cache_write_5m_tokens,
    t.cache_write_1h_tokens,
    t.output_tokens,
    false as output_is_estimated,
    t.output_tokens as estimated_output_tokens,
    r.rest_nanos as cost_nanos,
    r.rest_estimated_nanos as estimated_cost_nanos,
    false as counted_elsewhere,
    r.day,
    false as tokens_are_estimated
from rest as r
left join counted as t on r.purse = t.purse and r.day = t.day and r.model is not distinct from t.model
where
    r.rest_nanos <> 0 or r.rest_estimated_nanos <> 0
    or coalesce(t.input_tokens, 0) + coalesce(t.cache_read_tokens, 0) + coalesce(t.cache_write_5m_tokens, 0)
    + coalesce(t.cache_write_1h_tokens, 0) + coalesce(t.output_tokens, 0) > 0;

delete from reconciled
where day in (select day from claim_day);

insert into reconciled
with
stated as (
    select
        purse,
        day,
        model,
        sum(nanos) filter (class in ('invoice', 'cost_report'))::bigint as billed_nanos,
        sum(rows) filter (class in ('invoice', 'cost_report'))::bigint as billed_rows,
        sum(nanos) filter (class not in ('invoice', 'cost_report'))::bigint as usage_nanos
    from (
        select *, row_number() over (partition by purse, day, model order by position) as place
        from claim_report
        where class not in ('invoice', 'cost_report')
        union all
        select *, 1 as place from claim_report where class in ('invoice', 'cost_report')
    ) as placed
    where place = 1
    group by all
),

rest as (
    select app, account, model, day, cost_nanos, event_id from call where source = 'not_itemized' and day in (select day from claim_day)
)

select
    c.day,
    c.model,
    c.bill,
    c.account,
    c.app,
    not c.confirmed as is_assumed,
    s.billed_nanos,
    s.billed_rows,
    s.usage_nanos,
    c.is_itemized,
    i.nanos as call_nanos,
    i.estimated_nanos as call_estimated_nanos,
    r.cost_nanos as not_itemized_nanos
from claim_cell as c
left join stated as s on c.purse = s.purse and c.day = s.day and c.model is not distinct from s.model
left join claim_itemized as i on c.purse = i.purse and c.day = i.day and c.model is not distinct from i.model
left join rest as r on r.event_id = concat_ws(' ', c.day::varchar, c.purse, coalesce(c.model, '-'))
