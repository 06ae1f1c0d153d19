-- One row per pool that pays (credits, plan, api; null is unknown), the reason why we think so, app and account; see the macro paid_call.
select
    pool,
    reason,
    app,
    account,
    count(*) as calls,
    sum(nanos)::bigint as nanos,
    min(occurred_at) as first_at,
    max(occurred_at) as last_at
from paid_call($own_pools, $start, $end, $models, $apps, $projects, $accounts)
group by all
order by nanos desc nulls last, pool, app, account
