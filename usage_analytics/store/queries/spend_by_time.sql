-- One row per period of the grain and model; `period` is the person's own clock.
select
    period,
    model,
    sum(calls)::bigint as calls,
    (sum(calls) - sum(unpriced_calls))::bigint as priced_calls,
    list_sum([
        sum(input_tokens), sum(cache_read_tokens), sum(cache_write_5m_tokens), sum(cache_write_1h_tokens), sum(output_tokens)
    ])::bigint as tokens,
    list_sum([sum(input_tokens), sum(cache_read_tokens), sum(cache_write_5m_tokens), sum(cache_write_1h_tokens)])::bigint
        as prompt_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens,
    sum(cost_nanos)::bigint as cost_nanos
from rollup_half_hour
inner join calendar($start, $end, $grain, $zone, week_shift := $week_shift) using (half_hour)
where half_hour >= $start and half_hour < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
    and (len($apps) = 0 or list_contains($apps, app))
    and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
group by period, model
order by period, model
