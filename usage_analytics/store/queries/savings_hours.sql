-- One row per hour with priced calls: what they cost at list prices. What is known by the day only is in no hour.
select
    hour,
    sum(cost_nanos)::bigint as cost_nanos
from rollup_hour
where hour >= $start and hour < $end
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
    and rows = calls
    and cost_nanos is not null
group by hour
order by hour
