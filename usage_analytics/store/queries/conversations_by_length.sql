-- One row per band of how many calls a conversation has within the span; null are the calls that belong to no conversation. Days of UTC.
-- `reaching` are the conversations that went on to at least $long_from calls on their main thread.
with
conversation as (
    select
        conversation_id,
        sum(calls) as length,
        max(max_index) filter (run is distinct from 'subagent') as reached,
        sum(cost_nanos) as cost_nanos,
        sum(cost_nanos) filter (prompt_tokens > 0) as told_nanos,  -- where the source says what was sent
        sum(resend_nanos) as resend_nanos,
        sum(unpriced_calls) as unpriced_calls
    from rollup_conversation
    where day >= date_trunc('day', $start) and day < $end
        and (len($models) = 0 or list_contains($models, coalesce(model, '')))
        and (len($apps) = 0 or list_contains($apps, app))
        and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
        and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
    group by conversation_id
)

select
    case
        when conversation_id is null then null
        when length <= 5 then '1-5'
        when length <= 15 then '6-15'
        when length <= 30 then '16-30'
        when length <= 60 then '31-60'
        when length <= 120 then '61-120'
        else '121+'
    end as band,
    count(conversation_id) as conversations,
    count(*) filter (reached >= $long_from) as reaching,
    max(reached) as longest,
    sum(length)::bigint as calls,
    sum(unpriced_calls)::bigint as unpriced_calls,
    sum(cost_nanos)::bigint as cost_nanos,
    sum(told_nanos)::bigint as told_nanos,
    sum(resend_nanos)::bigint as resend_nanos
from conversation
group by band
order by min(length) filter (conversation_id is not null) nulls last
