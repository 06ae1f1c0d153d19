-- One row per model.
select
    model,
    sum(rows)::bigint as rows,
    nullif(sum(calls), 0)::bigint as calls,  -- a bucket does not say how many it holds
    sum(unpriced_calls)::bigint as unpriced_calls,
    sum(estimated_calls)::bigint as estimated_calls,
    sum(input_tokens)::bigint as input_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens,
    sum(cache_write_5m_tokens)::bigint as cache_write_5m_tokens,
    sum(cache_write_1h_tokens)::bigint as cache_write_1h_tokens,
    sum(output_tokens)::bigint as output_tokens,
    sum(cost_nanos)::bigint as cost_nanos,
    sum(estimated_cost_nanos)::bigint as estimated_cost_nanos,
    sum(computed_cost_nanos)::bigint as computed_cost_nanos,
    sum(reported_cost_nanos)::bigint as reported_cost_nanos,
    min(first_at) as first_at,
    max(last_at) as last_at,
    sum(guessed_calls)::bigint as guessed_calls,
    sum(guessed_nanos)::bigint as guessed_nanos,
    sum(guessed_low_nanos)::bigint as guessed_low_nanos,
    sum(guessed_high_nanos)::bigint as guessed_high_nanos
from rollup_half_hour
where half_hour >= $start and half_hour < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
    and (len($apps) = 0 or list_contains($apps, app))
    and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
group by all
order by cost_nanos desc nulls last, model
