-- One row per hour (UTC) with priced calls that may be on the key of a bill: what they cost.
select
    date_trunc('hour', half_hour) as hour,
    sum(estimated_cost_nanos)::bigint as nanos
from rollup_half_hour
where half_hour >= $start and half_hour < $end
    and calls > 0
    and estimated_cost_nanos is not null
    and not bills_apart(source)
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
group by all
order by hour
