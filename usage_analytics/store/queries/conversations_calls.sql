-- One row per call on the main thread of the $limit costliest conversations, in order, up to the end of the span.
with
costliest as (  -- those of the query conversations_costliest
    select conversation_id
    from rollup_conversation
    where conversation_id is not null
        and day >= date_trunc('day', $start) and day < $end
        and (len($models) = 0 or list_contains($models, coalesce(model, '')))
        and (len($apps) = 0 or list_contains($apps, app))
        and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
        and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
    group by conversation_id
    having sum(cost_nanos) > 0
    order by sum(cost_nanos) desc, conversation_id
    limit $limit
)

select
    conversation_id,
    message_index,
    model,
    coalesce(input_tokens, 0) + coalesce(cache_read_tokens, 0)
    + coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0) as prompt_tokens,
    coalesce(output_tokens, 0) as output_tokens,
    cost_nanos,
    resend_nanos
from call
where conversation_id in (select conversation_id from costliest)
    and agent_id is null
    and grain = 'call'
    and occurred_at < $end
order by conversation_id, message_index, occurred_at
