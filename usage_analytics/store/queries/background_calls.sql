-- One row per call, in numbers only and in no order: missing ones are -1, and 0 where a thread or a model is not named.
select
    epoch_ms(occurred_at) as moment,
    (hash(event_id, part) >> 1)::bigint as tie,  -- orders calls of the same moment
    (hash(app, account, project, run) >> 1)::bigint as source,
    if(conversation_id is null, 0, hash(conversation_id) >> 1)::bigint as thread,
    case when human_prompt then 1 when not human_prompt then 0 else -1 end::tinyint as human,
    coalesce(cost_nanos, -1) as nanos,
    case
        when coalesce(input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens) is null then -1
        else coalesce(input_tokens, 0) + coalesce(cache_read_tokens, 0)
            + coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0)
    end as prompt_tokens,
    coalesce(output_tokens, -1) as output_tokens,
    error is not null as failed,
    if(model_raw is null, 0, hash(model_raw) >> 1)::bigint as model,
    case paid_from_stated when 'plan' then 1 when 'credits' then 2 when 'api' then 3 else 0 end::tinyint as paid
from call
where occurred_at < $end and grain in ('call', 'minute')
