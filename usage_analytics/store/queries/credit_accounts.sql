-- One row per named account that credits paid for, highest spend first, up to the end of the span; see the macro paid_call.
select
    account,
    sum(nanos)::bigint as nanos
from paid_call($own_pools, $start, $end, $models, $apps, $projects, $accounts)
where pool = 'credits' and nanos > 0 and account is not null and account <> ''
group by account
order by nanos desc, account
