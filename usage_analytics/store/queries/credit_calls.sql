-- One row per call, or per bucket where the source says no more, that credits paid for, up to the end of the span; see the macro paid_call.
-- A call that cost nothing, has no price or is counted elsewhere is left out.
select
    occurred_at,
    account,
    nanos,
    grain
from paid_call($own_pools, $start, $end, $models, $apps, $projects, $accounts)
where pool = 'credits' and nanos > 0
order by occurred_at, nanos
