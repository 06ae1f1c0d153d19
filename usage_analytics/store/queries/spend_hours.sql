-- One row per hour (UTC) in which anything was spent: what it came to.
select
    hour,
    sum(cost_nanos)::bigint as nanos
from rollup_hour
where hour >= $start and hour < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
    and (len($apps) = 0 or list_contains($apps, app))
    and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
    and cost_nanos > 0
group by hour
order by hour
