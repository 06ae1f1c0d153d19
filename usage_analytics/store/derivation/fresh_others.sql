-- One row per other observation of such an import, and one per call that several observe, or whose output was never finished.
insert into stored_observation by name
select i.*
from incoming as i
semi join shared as s on s.source = i.source and s.event_id = i.event_id
union all
select i.*
from incoming as i
anti join shared as s on s.source = i.source and s.event_id = i.event_id
where i.output_is_final is false;

insert into stored_call
select
    source,
    event_id,
    part,
    import_id,
    grain,
    occurred_at,
    app,
    account,
    project,
    conversation_id,
    agent_id,
    message_index,
    run,
    human_prompt,
    model,
    model_raw,
    input_tokens,
    cache_read_tokens,
    cache_write_5m_tokens,
    cache_write_1h_tokens,
    output_tokens,
    output_is_estimated,
    estimated_output_tokens,
    web_searches,
    speed,
    geo,
    batch,
    cost_nanos,
    estimated_cost_nanos,
    computed_cost_nanos,
    reported_cost_nanos,
    reported_cost_kind,
    counted_elsewhere,
    resend_nanos,
    active_seconds,
    paid_from_stated,
    cache_signal,
    error,
    day,
    tokens_are_estimated,
    low_cost_nanos,
    high_cost_nanos
from made
where not (is_sole and is_final)
