-- One row per call on the main thread of the $limit costliest conversations, in order, up to the end of the span.
with
dearest as (  -- those of the query conversations_costliest
    select key
    from conversation_within($start, $end, $models, $apps, $projects, $accounts)
    where is_one and cost_nanos > 0
    order by cost_nanos desc, key
    limit $limit
),

costliest as (
    select
        c.conversation_id,
        c.first_day,
        c.last_day
    from rollup_conversation as c
    semi join dearest using (key)
)

select
    conversation_id,
    message_index,
    model,
    coalesce(input_tokens, 0) + coalesce(cache_read_tokens, 0)
    + coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0) as prompt_tokens,
    coalesce(output_tokens, 0) as output_tokens,
    cost_nanos,
    resend_nanos
from call
where conversation_id in (select conversation_id from costliest)
    -- of a large table, only what lies about these days is read
    and day in (select distinct unnest(generate_series(first_day, last_day, interval 1 day))::date from costliest)
    and agent_id is null
    and grain = 'call'
    and occurred_at < $end
order by conversation_id, message_index, occurred_at
