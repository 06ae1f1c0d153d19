-- One row per project, app and model that gave outputs of 4,000 tokens or more; the cost is that of those calls.
select
    project,
    app,
    model,
    sum(long_outputs)::bigint as long_outputs,
    sum(long_output_nanos)::bigint as long_output_nanos,
    sum(calls)::bigint as calls
from rollup_half_hour
where half_hour >= $start and half_hour < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
    and (len($apps) = 0 or list_contains($apps, app))
    and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
group by all
having sum(long_outputs) > 0
order by long_output_nanos desc nulls last, long_outputs desc, project, app, model
