-- One row per call of the conversation $conversation, in order, up to the end of the span; those of its agents are among them.
with
known as (
    select
        min(first_day) as first_day,
        max(last_day) as last_day
    from rollup_conversation
    where conversation_id = $conversation
)

select
    occurred_at,
    message_index,
    model,
    app,
    project,
    agent_id is not null as is_agents,
    coalesce(input_tokens, 0) + coalesce(cache_read_tokens, 0)
    + coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0) as prompt_tokens,
    output_tokens,
    cost_nanos,
    resend_nanos
from call
where conversation_id = $conversation
    and grain = 'call'
    and occurred_at >= $start
    and occurred_at < $end
    and day between (select first_day from known) and (select last_day from known)
order by occurred_at, message_index
