-- One row per pool that pays (credits, plan, api; null is unknown) and app, highest spend first, up to the end of the span; see paid_call.
select
    pool,
    app,
    sum(nanos)::bigint as nanos
from paid_call($own_pools, $start, $end, $models, $apps, $projects, $accounts)
where nanos > 0
group by all
order by nanos desc, pool, app
