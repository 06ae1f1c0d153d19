-- One row per conversation, the dearest first, at most $limit. Days are those of UTC.
select
    conversation_id,
    arg_min(project, first_at) as project,
    arg_min(app, first_at) as app,
    arg_max(model, cost_nanos) as model,
    sum(calls)::bigint as calls,
    sum(cost_nanos)::bigint as cost_nanos,
    sum(resend_nanos)::bigint as resend_nanos,
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
having sum(cost_nanos) > 0
order by cost_nanos desc, conversation_id
limit $limit
