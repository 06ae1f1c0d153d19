-- One row per band of how many calls a conversation has within the span; null are the calls that belong to no conversation. Days of UTC.
-- `reaching` are the conversations that went on to at least $long_from calls on their main thread.
select
    case
        when not is_one then null
        when calls <= 5 then '1-5'
        when calls <= 15 then '6-15'
        when calls <= 30 then '16-30'
        when calls <= 60 then '31-60'
        when calls <= 120 then '61-120'
        else '121+'
    end as band,
    count(*) filter (is_one) as conversations,
    count(*) filter (reached >= $long_from) as reaching,
    sum(calls)::bigint as calls,
    sum(unpriced_calls)::bigint as unpriced_calls,
    sum(cost_nanos)::bigint as cost_nanos,
    sum(told_nanos)::bigint as told_nanos,
    sum(resend_nanos)::bigint as resend_nanos,
    sum(guessed_nanos)::bigint as guessed_nanos
from conversation_within($start, $end, $models, $apps, $projects, $accounts)
group by band
order by min(calls) filter (is_one) nulls last
