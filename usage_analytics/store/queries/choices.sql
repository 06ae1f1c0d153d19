-- One row per dimension and value that a person can keep, over the whole database, the dearest first, at most 1,000 of a dimension.
with
by_part as (
    select
        model,
        app,
        project,
        account,
        grouping(model) as not_model,
        grouping(app) as not_app,
        grouping(project) as not_project,
        sum(cost_nanos)::bigint as cost_nanos
    from rollup_hour
    group by grouping sets ((model), (app), (project), (account))
),
named as (
    select
        case
            when not_model = 0 then 'model'
            when not_app = 0 then 'app'
            when not_project = 0 then 'project'
            else 'account'
        end as dimension,
        coalesce(model, app, project, account, '') as value,
        cost_nanos
    from by_part
)
select
    dimension,
    value,
    cost_nanos
from named
qualify row_number() over (partition by dimension order by cost_nanos desc nulls last, value) <= 1000
order by dimension, cost_nanos desc nulls last, value
