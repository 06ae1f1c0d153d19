-- One row per period of the grain and model; `period` is the person's own clock.
with
by_hour as (
    select
        hour,
        model,
        sum(calls) as calls,
        sum(calls - unpriced_calls) as priced_calls,
        sum(human_prompts) as human_prompts,
        sum(input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens + output_tokens) as tokens,
        sum(input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens) as prompt_tokens,
        sum(cache_read_tokens) as cache_read_tokens,
        sum(cost_nanos) as cost_nanos
    from rollup_hour
    where hour >= $start and hour < $end
        and (len($models) = 0 or list_contains($models, coalesce(model, '')))
        and (len($apps) = 0 or list_contains($apps, app))
        and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
        and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
    group by all
)
select
    date_trunc($grain, timezone($zone, timezone('UTC', hour))) as period,
    model,
    sum(calls)::bigint as calls,
    sum(priced_calls)::bigint as priced_calls,
    sum(human_prompts)::bigint as human_prompts,
    sum(tokens)::bigint as tokens,
    sum(prompt_tokens)::bigint as prompt_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens,
    sum(cost_nanos)::bigint as cost_nanos
from by_hour
group by all
order by period, model
