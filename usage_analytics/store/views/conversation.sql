-- One row per conversation, for people: its calls, tokens and cost.
create or replace view conversation as
select
    conversation_id,
    arg_min(source, row(occurred_at, source)) as source,
    arg_min(app, row(occurred_at, app)) as app,
    arg_min(project, row(occurred_at, project)) as project,
    arg_min(account, row(occurred_at, account)) as account,
    min(occurred_at) as started_at,
    max(occurred_at) as last_at,
    count(*) as calls,
    count(*) filter (human_prompt) as human_prompts,
    list_sort(list(distinct model)) as models,
    sum(input_tokens)::bigint as input_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens,
    sum(cache_write_5m_tokens)::bigint as cache_write_5m_tokens,
    sum(cache_write_1h_tokens)::bigint as cache_write_1h_tokens,
    sum(output_tokens)::bigint as output_tokens,
    (sum(cost_nanos) filter (not tokens_are_estimated) / 1000000000::decimal(18, 0))::decimal(28, 9) as cost_usd,
    (sum(estimated_cost_nanos) / 1000000000::decimal(18, 0))::decimal(28, 9) as estimated_cost_usd,
    count(*) filter (cost_nanos is null) as unpriced_calls
from call
where conversation_id is not null
group by conversation_id
