-- One row per call on the main thread of the given conversations, in order, up to the end of the span.
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
where conversation_id in (select unnest($conversations))
    and agent_id is null
    and grain = 'call'
    and occurred_at < $end
order by conversation_id, message_index, occurred_at
