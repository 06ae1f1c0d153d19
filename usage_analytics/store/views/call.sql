-- One row per call, or per bucket where the source says no more: those that are kept on the row of their one observation, and all others.
create or replace view call as
select
    source,
    event_id,
    '' as part,
    import_id,
    grain,
    occurred_at,
    app,
    account,
    project,
    conversation_id,
    agent_id,
    coalesce(message_index, position) as message_index,
    coalesce(run, inferred_run) as run,
    coalesce(human_prompt, inferred_human_prompt) as human_prompt,
    model,
    model_raw,
    input_tokens,
    cache_read_tokens,
    cache_write_5m_tokens,
    cache_write_1h_tokens,
    output_tokens,
    false as output_is_estimated,
    output_tokens as estimated_output_tokens,
    web_searches,
    speed,
    geo,
    batch,
    case when reported_cost_kind = 'billed' then reported_cost_nanos else coalesce(computed_cost_nanos, reported_cost_nanos) end
        as cost_nanos,
    case when reported_cost_kind = 'billed' then reported_cost_nanos else coalesce(computed_cost_nanos, reported_cost_nanos) end
        as estimated_cost_nanos,
    computed_cost_nanos,
    reported_cost_nanos,
    reported_cost_kind,
    false as counted_elsewhere,
    resend_nanos,
    active_seconds,
    paid_from as paid_from_stated,
    cache_signal,
    error,
    day,
    false as tokens_are_estimated,
    null::bigint as low_cost_nanos,
    null::bigint as high_cost_nanos
from stored_observation
where is_call
union all
select * from stored_call
