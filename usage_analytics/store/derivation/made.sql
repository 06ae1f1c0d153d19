-- One row per call: priced, placed in its conversation, and with who led to it.
create or replace temp view billable as
select
    m.* exclude (model),
    -- a source that counts no tokens may not name a model either: what it cost is then estimated at the rates of an assumed one
    case when m.estimates is not null then coalesce(m.model, '(assumed)') else m.model end as model,
    case
        when coalesce(m.output_is_final, true) then m.output_tokens
        -- characters a token, as measured on calls whose log was finished
        else greatest(m.output_tokens, ceil(list_sum(list_transform(m.unfinished, lambda line: line.chars))::double / 3.1::double)::bigint)
    end as estimated_output_tokens
from merged as m;

create or replace temp view made as
with
judged as (
    select
        b.*,
        p.position,
        p.cache_signal,
        p.kind,
        case
            when b.human_prompt is not null then b.human_prompt
            when not starts_with(b.source, 'claude_code') then null
            when b.agent_id is not null then false
            when p.kind is null then null
            -- the first call after the prompt; those after it are led by results of tools
            else p.kind = 'human' and coalesce(p.asked_at > p.before_at, true)
        end as led_by_human,
        -- what had been sent or answered before, as far as this call sends it again
        least(
            prompt_tokens(b.input_tokens, b.cache_read_tokens, b.cache_write_5m_tokens, b.cache_write_1h_tokens),
            coalesce(p.sent_before, 0)
        ) as sent_again,
        case
            when b.grain <> 'call' then null
            when p.active_before is null then 60  -- `least` passes over nulls
            -- a copy may say that the call was made before what stands before it
            else greatest(least(date_diff('microsecond', p.active_before, b.occurred_at)::double / 1000000::double, 600), 0)
        end as active_seconds
    from priced('billable') as b
    left join message_position as p on p.spot = hash(b.source, b.conversation_id, b.agent_id, b.event_id)
)

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
    coalesce(message_index, position) as message_index,
    case
        when run is not null then run
        when not starts_with(source, 'claude_code') then null
        when agent_id is not null then 'subagent'
        when entrypoint = 'claude-code-github-action' then 'ci'
        when entrypoint like '%\_trigger' escape '\' or kind = 'scheduled' then 'scheduled'
        when entrypoint like 'sdk-%' or kind = 'sdk' then 'headless'
        when entrypoint is not null or kind = 'human' then 'interactive'
    end as run,
    led_by_human as human_prompt,
    coalesce(known_as, nullif(model, '(assumed)')) as model,
    model_raw,
    input_tokens,
    cache_read_tokens,
    cache_write_5m_tokens,
    cache_write_1h_tokens,
    output_tokens,
    not coalesce(output_is_final, true) as output_is_estimated,
    estimated_output_tokens,
    web_searches,
    speed,
    geo,
    batch,
    case when reported_cost_kind = 'billed' then reported_cost_nanos else coalesce(computed_cost_nanos, reported_cost_nanos) end
        as cost_nanos,
    case
        when reported_cost_kind = 'billed' then reported_cost_nanos
        else coalesce(computed_estimated_cost_nanos, reported_cost_nanos)
    end as estimated_cost_nanos,
    computed_cost_nanos,
    reported_cost_nanos,
    reported_cost_kind,
    false as counted_elsewhere,
    case
        when sent_again is null or conversation_id is null or computed_cost_nanos is null then null
        when sent_again = 0 then 0
        when sent_again <= coalesce(cache_read_tokens, 0)
            then round(cache_read_cost_nanos::double * sent_again::double / nullif(cache_read_tokens, 0)::double)
        -- what was no longer in the cache was written or sent anew
        else cache_read_cost_nanos + round(
            fresh_prompt_cost_nanos::double * (sent_again - coalesce(cache_read_tokens, 0))::double
            / nullif(prompt_tokens(input_tokens, 0, cache_write_5m_tokens, cache_write_1h_tokens), 0)::double
        )
    end::bigint as resend_nanos,
    active_seconds,
    paid_from as paid_from_stated,
    cache_signal,
    error,
    occurred_at::date as day,
    estimates is not null as tokens_are_estimated,
    null::bigint as low_cost_nanos,
    null::bigint as high_cost_nanos,
    -- of the observation, where there is only one
    is_sole,
    coalesce(output_is_final, true) as is_final,
    request_id,
    is_sidechain,
    is_copy,
    message_index as stated_message_index,
    run as stated_run,
    human_prompt as stated_human_prompt,
    entrypoint,
    version,
    output_is_final,
    unfinished,
    iterations,
    estimates,
    extra,
    stated_at,
    is_whole_bucket
from judged;

create or replace temp view made_call as
select
    * exclude (
        is_sole, is_final, request_id, is_sidechain, is_copy, stated_message_index, stated_run, stated_human_prompt, entrypoint, version,
        output_is_final, unfinished, iterations, estimates, extra, stated_at, is_whole_bucket
    ),
    is_sole and is_final as stands_alone  -- one finished observation says all of it
from made
