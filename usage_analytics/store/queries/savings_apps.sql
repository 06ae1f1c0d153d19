-- One row per app of the span, by half hours: the hash that stands for it in savings_calls, and what it cost.
select
    hash(app) as app_hash,
    app,
    sum(cost_nanos)::bigint as cost_nanos
from rollup_half_hour
where half_hour >= $start and half_hour < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
    and (len($apps) = 0 or list_contains($apps, app))
    and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
group by app
order by cost_nanos desc nulls last, app
