-- One row per hour (UTC) with priced calls that may be on the key of a bill: what they cost.
select
    hour,
    sum(estimated_cost_nanos)::bigint as nanos
from rollup_hour
where hour >= $start and hour < $end
    and calls > 0
    and estimated_cost_nanos is not null
    and not bills_apart(source)
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
group by hour
order by hour
