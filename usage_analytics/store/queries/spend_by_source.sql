-- One row per model, app, project and account.
select
    model,
    app,
    project,
    account,
    sum(calls)::bigint as calls,
    sum(cost_nanos)::bigint as cost_nanos
from rollup_hour
where hour >= $start and hour < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
    and (len($apps) = 0 or list_contains($apps, app))
    and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
group by all
order by cost_nanos desc nulls last, model, app, project, account
