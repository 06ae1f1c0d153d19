-- One row per hour (UTC) in which anything was spent: what it came to.
select
    date_trunc('hour', half_hour) as hour,
    sum(cost_nanos)::bigint as nanos
from rollup_half_hour
where half_hour >= $start and half_hour < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
    and (len($apps) = 0 or list_contains($apps, app))
    and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
    and cost_nanos > 0
group by all
order by hour
