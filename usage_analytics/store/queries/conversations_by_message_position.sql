-- One row per app, model and band of message positions in a conversation, of the calls that have a price. Days are those of UTC.
select
    app,
    model,
    from_index,
    sum(calls)::bigint as calls,
    sum(prompt_tokens)::bigint as prompt_tokens,
    sum(cost_nanos)::bigint as cost_nanos,
    sum(resend_nanos)::bigint as resend_nanos
from rollup_message_position
where cost_nanos is not null
    and day >= date_trunc('day', $start) and day < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
    and (len($apps) = 0 or list_contains($apps, app))
    and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
group by all
order by from_index, app, model
