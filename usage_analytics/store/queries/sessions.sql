-- One row per conversation: how long it was worked on, how far it went, what it cost. Days are those of UTC.
select
    conversation_id,
    any_value(run) as run,
    sum(calls)::bigint as calls,
    sum(human_prompts)::bigint as human_prompts,
    max(max_index) as max_index,
    sum(active_seconds) as active_seconds,
    sum(cost_nanos)::bigint as cost_nanos,
    min(first_at) as first_at,
    max(last_at) as last_at
from rollup_conversation
where conversation_id is not null
    and day >= date_trunc('day', $start) and day < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
    and (len($apps) = 0 or list_contains($apps, app))
    and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
group by conversation_id
order by cost_nanos desc nulls last, conversation_id
