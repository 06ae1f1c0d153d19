-- One row per dimension and value that a person can keep, over the whole database, the dearest first, at most 1,000 of a dimension.
with
by_all as (
    select
        model,
        app,
        project,
        account,
        sum(cost_nanos) as cost_nanos
    from rollup_hour
    group by all
),
named as (
    select 'model' as dimension, coalesce(model, '') as value, cost_nanos from by_all
    union all
    select 'app' as dimension, app as value, cost_nanos from by_all
    union all
    select 'project' as dimension, coalesce(project, '') as value, cost_nanos from by_all
    union all
    select 'account' as dimension, coalesce(account, '') as value, cost_nanos from by_all
),
summed as (
    select
        dimension,
        value,
        sum(cost_nanos)::bigint as cost_nanos
    from named
    group by all
)
select
    dimension,
    value,
    cost_nanos
from summed
qualify row_number() over (partition by dimension order by cost_nanos desc nulls last, value) <= 1000
order by dimension, cost_nanos desc nulls last, value
