-- One row per call, or per bucket where the source says no more, for people: money in dollars, and who paid as far as the data says.
create or replace view event as
select
    occurred_at,
    app,
    model,
    (case when not tokens_are_estimated then cost_nanos end / 1000000000::decimal(18, 0))::decimal(28, 9) as cost_usd,
    input_tokens,
    cache_read_tokens,
    cache_write_5m_tokens,
    cache_write_1h_tokens,
    output_tokens,
    web_searches,
    speed,
    geo,
    batch,
    event_id,
    account,
    project,
    conversation_id,
    message_index,
    run,
    human_prompt,
    error,
    pool as paid_from,
    case reason
        when 'stated' then 'stated by the source'
        when 'notice' then 'stated by the source: work went on from credits'
        when 'fast_mode' then 'inferred: fast mode is always paid from credits'
        when 'cache_1h' then 'inferred: caches live an hour while the plan pays'
        when 'cache_5m' then 'inferred: caches live five minutes on credits, and lived an hour before'
    end as paid_from_reason,
    source,
    import_id,
    (estimated_cost_nanos / 1000000000::decimal(18, 0))::decimal(28, 9) as estimated_cost_usd,
    output_is_estimated or tokens_are_estimated as output_is_estimated,
    grain,
    counted_elsewhere,
    agent_id,
    tokens_are_estimated,
    (low_cost_nanos / 1000000000::decimal(18, 0))::decimal(28, 9) as low_cost_usd,
    (high_cost_nanos / 1000000000::decimal(18, 0))::decimal(28, 9) as high_cost_usd
from payment([], 'infinity'::timestamp)