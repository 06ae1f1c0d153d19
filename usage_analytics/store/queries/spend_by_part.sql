-- One row per dimension (model, app, project, account) and value in it; '' stands for none. Each dimension adds up to the whole.
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
        nullif(sum(calls), 0)::bigint as calls,  -- a bucket does not say how many it holds
        sum(cost_nanos)::bigint as cost_nanos
    from rollup_half_hour
    where half_hour >= $start and half_hour < $end
        and (len($models) = 0 or list_contains($models, coalesce(model, '')))
        and (len($apps) = 0 or list_contains($apps, app))
        and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
        and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
    group by grouping sets ((model), (app), (project), (account))
)
select
    case
        when not_model = 0 then 'model'
        when not_app = 0 then 'app'
        when not_project = 0 then 'project'
        else 'account'
    end as dimension,
    coalesce(model, app, project, account, '') as value,
    calls,
    cost_nanos
from by_part
order by dimension, cost_nanos desc nulls last, value
