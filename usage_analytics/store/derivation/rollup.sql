-- One row per hour, per day and conversation, per day and place: the roll-ups of the touched days, made anew.
delete from rollup_hour
where date_trunc('day', hour) in (select day from touched_day);

insert into rollup_hour
select
    date_trunc('hour', occurred_at) as hour,
    source,
    model,
    app,
    project,
    account,
    run,
    count(*) as rows,
    count(*) filter (grain = 'call') as calls,
    count(*) filter (cost_nanos is null) as unpriced_calls,
    count(*) filter (output_is_estimated) as estimated_calls,
    count(*) filter (human_prompt) as human_prompts,
    sum(input_tokens)::bigint as input_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens,
    sum(cache_write_5m_tokens)::bigint as cache_write_5m_tokens,
    sum(cache_write_1h_tokens)::bigint as cache_write_1h_tokens,
    sum(output_tokens)::bigint as output_tokens,
    sum(web_searches)::bigint as web_searches,
    sum(cost_nanos)::bigint as cost_nanos,
    sum(estimated_cost_nanos)::bigint as estimated_cost_nanos,
    sum(computed_cost_nanos) filter (reported_cost_nanos is not null)::bigint as computed_cost_nanos,
    sum(reported_cost_nanos) filter (computed_cost_nanos is not null)::bigint as reported_cost_nanos,
    min(occurred_at) as first_at,
    max(occurred_at) as last_at
from call
where date_trunc('day', occurred_at) in (select day from touched_day)
group by all
order by hour;

delete from rollup_conversation
where day in (select day from touched_day);

insert into rollup_conversation
select
    date_trunc('day', occurred_at) as day,
    conversation_id,
    app,
    project,
    account,
    model,
    run,
    count(*) as calls,
    count(*) filter (human_prompt) as human_prompts,
    max(message_index) as max_index,
    sum(coalesce(input_tokens, 0) + coalesce(cache_read_tokens, 0) + coalesce(cache_write_5m_tokens, 0)
        + coalesce(cache_write_1h_tokens, 0))::bigint as prompt_tokens,
    max(coalesce(input_tokens, 0) + coalesce(cache_read_tokens, 0) + coalesce(cache_write_5m_tokens, 0)
        + coalesce(cache_write_1h_tokens, 0)) as max_prompt_tokens,
    sum(output_tokens)::bigint as output_tokens,
    sum(cost_nanos)::bigint as cost_nanos,
    sum(estimated_cost_nanos)::bigint as estimated_cost_nanos,
    sum(resend_nanos)::bigint as resend_nanos,
    count(*) filter (cost_nanos is null) as unpriced_calls,
    sum(active_seconds) as active_seconds,
    count(*) filter (estimated_output_tokens >= 4000) as long_outputs,
    sum(estimated_cost_nanos) filter (estimated_output_tokens >= 4000)::bigint as long_output_nanos,
    min(occurred_at) as first_at,
    max(occurred_at) as last_at
from call
where grain = 'call' and date_trunc('day', occurred_at) in (select day from touched_day)
group by all
order by day;

delete from rollup_place
where day in (select day from touched_day);

insert into rollup_place
select
    date_trunc('day', occurred_at) as day,
    app,
    project,
    account,
    model,
    -- bands double in two steps: 1, 2, 3, 4, 6, 8, 12, 16, 24, …
    case
        when message_index < 4 then message_index
        when message_index < 1.5 * pow(2, floor(log2(message_index))) then pow(2, floor(log2(message_index)))
        else 1.5 * pow(2, floor(log2(message_index)))
    end::bigint as from_index,
    count(*) as calls,
    sum(coalesce(input_tokens, 0) + coalesce(cache_read_tokens, 0) + coalesce(cache_write_5m_tokens, 0)
        + coalesce(cache_write_1h_tokens, 0))::bigint as prompt_tokens,
    sum(cost_nanos)::bigint as cost_nanos,
    sum(resend_nanos)::bigint as resend_nanos
from call
where message_index > 0 and agent_id is null and date_trunc('day', occurred_at) in (select day from touched_day)
group by all
order by day
