-- One row per app of the span: the hash that stands for it in savings_calls, and what it cost.
select
    hash(app) as app_hash,
    app,
    count(*) as calls,
    sum(cost_nanos)::bigint as cost_nanos,
    min(occurred_at) as first_at,
    max(occurred_at) as last_at
from call
where occurred_at >= $start and occurred_at < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
    and (len($apps) = 0 or list_contains($apps, app))
    and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
    and not counted_elsewhere
group by app
order by cost_nanos desc nulls last, app
