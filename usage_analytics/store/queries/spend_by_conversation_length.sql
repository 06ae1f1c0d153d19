-- One row per band of how many calls a conversation has within the span; null are the calls that belong to no conversation.
with
kept as (
    select
        conversation_id,
        grain,
        occurred_at,
        input_tokens,
        cache_read_tokens,
        cache_write_5m_tokens,
        cache_write_1h_tokens,
        output_tokens,
        cost_nanos,
        estimated_cost_nanos,
        tokens_are_estimated,
        low_cost_nanos,
        high_cost_nanos
    from call
    where occurred_at >= $start and occurred_at < $end
        and (len($models) = 0 or list_contains($models, coalesce(model, '')))
        and (len($apps) = 0 or list_contains($apps, app))
        and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
        and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
),

conversations as (
    select
        conversation_id,
        count(*) filter (grain = 'call') as length,
        sum(case when grain = 'call' then 1 else null end)::bigint as calls,
        count(*) filter (cost_nanos is null) as unpriced_calls,
        sum(input_tokens) as input_tokens,
        sum(cache_read_tokens) as cache_read_tokens,
        sum(cache_write_5m_tokens) as cache_write_5m_tokens,
        sum(cache_write_1h_tokens) as cache_write_1h_tokens,
        sum(output_tokens) as output_tokens,
        sum(cost_nanos) as cost_nanos,
        sum(estimated_cost_nanos) as estimated_cost_nanos,
        sum(cost_nanos) filter (not tokens_are_estimated) as recorded_nanos,
        count(*) filter (tokens_are_estimated) as guessed_calls,
        sum(low_cost_nanos) as guessed_low_nanos,
        sum(high_cost_nanos) as guessed_high_nanos,
        min(occurred_at) as first_at,
        max(occurred_at) as last_at
    from kept
    group by all
),

banded as (
    select
        case
            when conversation_id is null or length = 0 then null
            when length <= 5 then '1-5'
            when length <= 15 then '6-15'
            when length <= 30 then '16-30'
            when length <= 60 then '31-60'
            when length <= 120 then '61-120'
            else '121+'
        end as name,
        *
    from conversations
)

select
    name,
    count(conversation_id) as conversations,
    sum(calls)::bigint as calls,
    sum(unpriced_calls)::bigint as unpriced_calls,
    sum(input_tokens)::bigint as input_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens,
    sum(cache_write_5m_tokens)::bigint as cache_write_5m_tokens,
    sum(cache_write_1h_tokens)::bigint as cache_write_1h_tokens,
    sum(output_tokens)::bigint as output_tokens,
    sum(cost_nanos)::bigint as cost_nanos,
    sum(estimated_cost_nanos)::bigint as estimated_cost_nanos,
    sum(recorded_nanos)::bigint as recorded_nanos,
    sum(guessed_calls)::bigint as guessed_calls,
    sum(guessed_low_nanos)::bigint as guessed_low_nanos,
    sum(guessed_high_nanos)::bigint as guessed_high_nanos,
    min(first_at) as first_at,
    max(last_at) as last_at
from banded
group by name
order by min(length) filter (name is not null) nulls last
