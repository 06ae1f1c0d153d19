-- One row per dimension and value that a person can keep, over the whole database, the dearest first, at most 1,000 of a dimension.
with
summed as (
    select
        dimension,
        coalesce(value, '') as value,
        sum(cost_nanos)::bigint as cost_nanos
    from rollup_value
    group by all
)

select
    dimension,
    value,
    cost_nanos
from summed
qualify row_number() over (partition by dimension order by cost_nanos desc nulls last, value) <= 1000
order by dimension, cost_nanos desc nulls last, value
