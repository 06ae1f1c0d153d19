-- The roll-ups of what was touched, made anew: one row per half hour, per day and value, per conversation and its parts, per day and position.
delete from rollup_half_hour
where half_hour::date in (select day from touched_day);

insert into rollup_half_hour
select
    -- days begin at half past an hour of UTC where a seventh of all people live
    date_trunc('hour', occurred_at) + case when minute(occurred_at) >= 30 then interval 30 minute else interval 0 minute end as half_hour,
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
    sum(cost_nanos)::bigint as cost_nanos,
    sum(estimated_cost_nanos)::bigint as estimated_cost_nanos,
    sum(computed_cost_nanos) filter (reported_cost_nanos is not null)::bigint as computed_cost_nanos,
    sum(reported_cost_nanos) filter (computed_cost_nanos is not null)::bigint as reported_cost_nanos,
    sum(cost_nanos) filter (
        conversation_id is not null
        and greatest(input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens) > 0
    )::bigint as told_nanos,
    sum(resend_nanos)::bigint as resend_nanos,
    sum(round(active_seconds * 1000)::bigint) filter (conversation_id is not null and cost_nanos is not null)::bigint as active_ms,
    sum(cost_nanos) filter (conversation_id is not null and active_seconds > 0)::bigint as active_nanos,
    count(*) filter (grain = 'call' and estimated_output_tokens >= 4000) as long_outputs,
    sum(estimated_cost_nanos) filter (grain = 'call' and estimated_output_tokens >= 4000)::bigint as long_output_nanos,
    min(occurred_at) as first_at,
    max(occurred_at) as last_at,
    count(*) filter (tokens_are_estimated) as guessed_calls,
    sum(cost_nanos) filter (tokens_are_estimated)::bigint as guessed_nanos,
    sum(low_cost_nanos)::bigint as guessed_low_nanos,
    sum(high_cost_nanos)::bigint as guessed_high_nanos
from refreshed
group by all
order by half_hour;

delete from rollup_value
where day in (select day from touched_day);

insert into rollup_value
with
daily as (
    select half_hour::date as day, model, app, project, account, rows, cost_nanos, first_at, last_at
    from rollup_half_hour
    where half_hour::date in (select day from touched_day)
)

select
    day,
    'model' as dimension,
    model as value,
    sum(rows)::bigint as rows,
    sum(cost_nanos)::bigint as cost_nanos,
    min(first_at) as first_at,
    max(last_at) as last_at
from daily
group by all
union all
select
    day,
    'app' as dimension,
    app as value,
    sum(rows)::bigint as rows,
    sum(cost_nanos)::bigint as cost_nanos,
    min(first_at) as first_at,
    max(last_at) as last_at
from daily
group by all
union all
select
    day,
    'project' as dimension,
    project as value,
    sum(rows)::bigint as rows,
    sum(cost_nanos)::bigint as cost_nanos,
    min(first_at) as first_at,
    max(last_at) as last_at
from daily
group by all
union all
select
    day,
    'account' as dimension,
    account as value,
    sum(rows)::bigint as rows,
    sum(cost_nanos)::bigint as cost_nanos,
    min(first_at) as first_at,
    max(last_at) as last_at
from daily
group by all
order by day;

create or replace temp table regrouped_part as
select
    conversation_id,
    day,
    model,
    app,
    project,
    account,
    bool_or(run is null or run = 'interactive') as attended,
    count(*) as calls,
    max(message_index) as longest,
    max(message_index) filter (run is distinct from 'subagent') as reached,
    sum(cost_nanos)::bigint as cost_nanos,
    sum(cost_nanos) filter (
        greatest(input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens) > 0
    )::bigint as told_nanos,
    sum(resend_nanos)::bigint as resend_nanos,
    count(*) filter (cost_nanos is null) as unpriced_calls,
    sum(round(active_seconds * 1000)::bigint)::bigint as active_ms,
    min(occurred_at) as first_at,
    max(occurred_at) as last_at,
    sum(cost_nanos) filter (tokens_are_estimated)::bigint as guessed_nanos
from regrouped
group by all;

create or replace temp table regrouped_whole as
select
    key_of(conversation_id) as key,
    conversation_id,
    count(*) as parts,
    min(day) as first_day,
    max(day) as last_day,
    -- all of them the same, or all of them none
    min(model) is not distinct from max(model) and count(model) in (0, count(*)) as one_model,
    min(app) = max(app) as one_app,
    min(project) is not distinct from max(project) and count(project) in (0, count(*)) as one_project,
    min(account) is not distinct from max(account) and count(account) in (0, count(*)) as one_account,
    any_value(model) as model,
    any_value(app) as app,
    any_value(project) as project,
    any_value(account) as account,
    bool_or(attended) as attended,
    sum(calls)::bigint as calls,
    max(longest) as longest,
    max(reached) as reached,
    sum(cost_nanos)::bigint as cost_nanos,
    sum(told_nanos)::bigint as told_nanos,
    sum(resend_nanos)::bigint as resend_nanos,
    sum(unpriced_calls)::bigint as unpriced_calls,
    sum(active_ms)::bigint as active_ms,
    min(first_at) as first_at,
    max(last_at) as last_at,
    sum(guessed_nanos)::bigint as guessed_nanos
from regrouped_part
where conversation_id is not null
group by conversation_id;

delete from rollup_conversation_part
where key in (select key from rollup_conversation semi join regrouped_conversation using (conversation_id))
    or (key is null and day in (select day from touched_day));

delete from rollup_conversation
where conversation_id in (select conversation_id from regrouped_conversation);

insert into rollup_conversation
select
    key,
    conversation_id,
    first_day,
    last_day,
    one_model,
    one_app,
    one_project,
    one_account,
    case when one_model then model end as model,
    case when one_app then app end as app,
    case when one_project then project end as project,
    case when one_account then account end as account,
    attended,
    calls,
    longest,
    reached,
    cost_nanos,
    told_nanos,
    resend_nanos,
    unpriced_calls,
    active_ms,
    first_at,
    last_at,
    guessed_nanos
from regrouped_whole
order by first_day;

insert into rollup_conversation_part
select
    w.key,
    p.day,
    w.first_day,
    w.last_day,
    w.one_model is not false as one_model,
    w.one_app is not false as one_app,
    w.one_project is not false as one_project,
    w.one_account is not false as one_account,
    p.model,
    p.app,
    p.project,
    p.account,
    p.attended,
    p.calls,
    p.longest,
    p.reached,
    p.cost_nanos,
    p.told_nanos,
    p.resend_nanos,
    p.unpriced_calls,
    p.active_ms,
    p.first_at,
    p.last_at,
    p.guessed_nanos
from regrouped_part as p
left join regrouped_whole as w on p.conversation_id = w.conversation_id
where w.parts > 1 or p.conversation_id is null
order by p.day;

delete from rollup_message_position
where day in (select day from touched_day);

insert into rollup_message_position
select
    day,
    app,
    project,
    account,
    model,
    -- bands double in two steps: 1, 2, 3, 4, 6, 8, 12, 16, 24, …
    case
        when message_index < 4 then message_index
        -- a logarithm may be a little less than it is; the next whole one is further away than what is added
        when message_index < 1.5 * pow(2, floor(log2(message_index) + 1e-9)) then pow(2, floor(log2(message_index) + 1e-9))
        else 1.5 * pow(2, floor(log2(message_index) + 1e-9))
    end::bigint as from_index,
    count(*) as calls,
    sum(coalesce(input_tokens, 0) + coalesce(cache_read_tokens, 0) + coalesce(cache_write_5m_tokens, 0)
        + coalesce(cache_write_1h_tokens, 0))::bigint as prompt_tokens,
    sum(cost_nanos)::bigint as cost_nanos,
    sum(resend_nanos)::bigint as resend_nanos
from refreshed
where message_index > 0 and agent_id is null
group by all
order by day
