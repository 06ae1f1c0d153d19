-- One row per day (UTC) in which anything was spent: what it came to.
select
    date_trunc('day', half_hour) as day,
    sum(cost_nanos)::bigint   as cost_nanos
from rollup_half_hour
where cost_nanos > 0
group by all
order by day
