-- One row per bucket of which no other bucket of its class says the same: one export of a day by hour and one by day are one statement.
--
-- The finer buckets count where they come to no less than the coarser one, which covers more where they do not. Of two sources of one
-- class, such as a file of the Console and the Admin API, the one that comes to more counts: key by key where they name keys alike. Where they agree but for rounding, the API does.
create or replace temp table claim_sum as
select
    b.source,
    s.class,
    s.bill,
    b.app,
    b.project,
    b.account,
    b.model,
    b.speed,
    b.geo,
    b.batch,
    b.grain,
    case b.grain when 'minute' then 0 when 'hour' then 1 else 2 end as coarseness,
    b.day,
    coalesce(
        sum(coalesce(b.input_tokens, 0) + coalesce(b.cache_read_tokens, 0) + coalesce(b.cache_write_5m_tokens, 0)
            + coalesce(b.cache_write_1h_tokens, 0) + coalesce(b.output_tokens, 0)),
        0
    ) as tokens,
    coalesce(sum(b.reported_cost_nanos), 0) as nanos,
    count(*) as rows
from claim as b
inner join claim_source as s using (source)
where b.grain <> 'call'
group by all;

create or replace temp table claim_grain as
select
    source, class, bill, app, project, account, model, speed, geo, batch, day,
    arg_max(grain, row(tokens, nanos, -coarseness)) as grain,
    arg_max(tokens, row(tokens, nanos, -coarseness)) as tokens,
    arg_max(nanos, row(tokens, nanos, -coarseness)) as nanos,
    arg_max(rows, row(tokens, nanos, -coarseness)) as rows
from claim_sum
group by all;

create or replace temp table claim_source_kept as
with
alike as (  -- sources of one class that name a key alike
    select distinct a.source, true as alike
    from claim_grain as a
    inner join claim_grain as b on a.bill = b.bill and a.class = b.class and a.app = b.app and a.source <> b.source
),

sized as (
    select
        g.bill, g.class, g.day, g.model,
        case when k.alike then g.app end as key,
        g.source,
        sum(g.nanos) as nanos,
        sum(g.tokens) as tokens,
        sum(g.rows) as rows
    from claim_grain as g
    left join alike as k using (source)
    group by all
),

most as (
    select *, max(nanos) over same as most_nanos, max(tokens) over same as most_tokens, max(rows) over same as most_rows
    from sized
    inner join (select source, knows from claim_source) using (source)
    window same as (partition by bill, class, day, model, key)
)

select
    bill,
    class,
    day,
    model,
    key,
    arg_max(
        source,
        -- the Console rounds each row to the cent
        row(
            (nanos + most_rows * 5000000) * 100 >= most_nanos * 99 and tokens * 100 >= most_tokens * 99, -knows, nanos, tokens, source
        )
    ) as source
from most
group by all;

create or replace temp table claim_whole as
with
only_account as (  -- what no account is named for belongs to the only one of its bill, if there is only one
    select bill, any_value(account) as only_one from claim_grain where bill <> 'any' group by bill having count(distinct account) = 1
)

select
    b.*,
    g.class,
    g.bill,
    s.reports,
    concat_ws(' ', g.bill, coalesce(b.account, a.only_one, '-')) as whose,
    concat_ws(' ', g.bill, coalesce(b.account, a.only_one, '-'), b.app, coalesce(b.project, '-')) as key,
    g.bill = 'anthropic' and (
        starts_with(b.app, 'claude_code_key_') or starts_with(b.app, 'Claude Code') or coalesce(b.project = 'Claude Code', false)
    ) as of_claude_code,
    b.app in ('All API keys', 'All products', 'Messages API', 'Message Batches API', 'Managed Agents') as is_broad
from claim as b
inner join claim_grain as g
    on b.source = g.source and b.app = g.app and b.day = g.day and b.grain = g.grain
    and b.project is not distinct from g.project and b.account is not distinct from g.account
    and b.model is not distinct from g.model and b.speed is not distinct from g.speed
    and b.geo is not distinct from g.geo and b.batch is not distinct from g.batch
inner join claim_source as s on b.source = s.source
left join only_account as a on g.bill = a.bill
semi join claim_source_kept as k
    on g.bill = k.bill and g.class = k.class and g.day = k.day and g.source = k.source
    and g.model is not distinct from k.model and (k.key is null or k.key = g.app)
where b.grain <> 'call';

create or replace temp table claim_stated as
select * from claim_whole where reports
