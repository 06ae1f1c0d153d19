-- One row per model, app, project, account or UTC day, as `$by` says; exact for any span, and so read from the calls themselves.
with
named as (
    select
        case $by
            when 'model' then model
            when 'app' then app
            when 'project' then project
            when 'account' then account
            when 'day' then strftime(occurred_at, '%Y-%m-%d')
        end as name,
        grain,
        occurred_at,
        input_tokens,
        cache_read_tokens,
        cache_write_5m_tokens,
        cache_write_1h_tokens,
        output_tokens,
        cost_nanos,
        estimated_cost_nanos,
        tokens_are_estimated,
        low_cost_nanos,
        high_cost_nanos
    from call
    where occurred_at >= $start and occurred_at < $end
        and (len($models) = 0 or list_contains($models, coalesce(model, '')))
        and (len($apps) = 0 or list_contains($apps, app))
        and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
        and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
)

select
    name,
    nullif(count(*) filter (grain = 'call'), 0) as calls,  -- a bucket does not say how many it holds
    count(*) filter (cost_nanos is null) as unpriced_calls,
    sum(input_tokens)::bigint as input_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens,
    sum(cache_write_5m_tokens)::bigint as cache_write_5m_tokens,
    sum(cache_write_1h_tokens)::bigint as cache_write_1h_tokens,
    sum(output_tokens)::bigint as output_tokens,
    sum(cost_nanos)::bigint as cost_nanos,
    sum(estimated_cost_nanos)::bigint as estimated_cost_nanos,
    sum(cost_nanos) filter (not tokens_are_estimated)::bigint as recorded_nanos,
    count(*) filter (tokens_are_estimated) as guessed_calls,
    sum(low_cost_nanos)::bigint as guessed_low_nanos,
    sum(high_cost_nanos)::bigint as guessed_high_nanos,
    min(occurred_at) as first_at,
    max(occurred_at) as last_at
from named
group by name
order by if($by = 'day', name, null), cost_nanos desc nulls last, name nulls last
