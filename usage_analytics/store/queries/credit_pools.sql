-- One row per pool (credits, plan, api; null is unknown): how many rows it paid for and what they cost, up to the end of the span.
select
    pool,
    count(*) as calls,
    sum(nanos)::bigint as nanos,
    list_sort(list(distinct app)) as apps
from paid_call($own_pools, $start, $end, $models, $apps, $projects, $accounts)
group by all
order by pool nulls last
