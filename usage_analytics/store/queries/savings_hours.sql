-- One row per hour with priced calls: what they cost at list prices. What is known by the day only is in no hour.
select
    date_trunc('hour', half_hour) as hour,
    sum(cost_nanos)::bigint as cost_nanos
from rollup_half_hour
where half_hour >= $start and half_hour < $end
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
    and rows = calls
    and cost_nanos is not null
group by all
order by hour
