-- One row per attendance and length of conversation: `length` is short (up to $short_to calls), middle, or long (from $long_from).
-- A conversation is attended where any part of it is interactive, or does not say. Days are those of UTC.
-- A conversation of a single moment has no active time, and is left out: it has no rate.
with
conversation as (
    select
        conversation_id,
        bool_or(run is null or run = 'interactive') as attended,
        max(max_index) as calls,
        sum(active_seconds) as active_seconds,
        sum(cost_nanos) as cost_nanos
    from rollup_conversation
    where conversation_id is not null
        and day >= date_trunc('day', $start) and day < $end
        and (len($models) = 0 or list_contains($models, coalesce(model, '')))
        and (len($apps) = 0 or list_contains($apps, app))
        and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
        and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
    group by conversation_id
)
select
    attended,
    case when calls >= $long_from then 'long' when calls > $short_to then 'middle' else 'short' end as length,
    count(*)::bigint as conversations,
    sum(active_seconds) as active_seconds,
    sum(cost_nanos)::bigint as cost_nanos
from conversation
where active_seconds > 0 and cost_nanos is not null
group by all
order by attended, length
