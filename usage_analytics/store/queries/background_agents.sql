-- One row per thread of the conversations whose subagents cost most: the conversation's own thread, and each of its agents.
with
threads as (
    select
        conversation_id,
        agent_id,
        arg_max(app, row(occurred_at, app)) as app,
        arg_max(project, row(occurred_at, project)) as project,
        arg_max(model, row(cost_nanos, model)) filter (cost_nanos is not null) as model,
        count(*) as calls,
        sum(cost_nanos)::bigint as cost_nanos,
        min(occurred_at) as first_at,
        max(occurred_at) as last_at,
        max(occurred_at) filter (where human_prompt) as asked_at
    from call
    where occurred_at >= $start and occurred_at < $end and day >= date_trunc('day', $start)
        and conversation_id is not null
        and (len($apps) = 0 or list_contains($apps, app))
        and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
    group by conversation_id, agent_id
),

dearest as (
    select
        conversation_id,
        sum(cost_nanos) filter (where agent_id is not null) as agents_nanos,
        max(asked_at) as asked_at
    from threads
    group by conversation_id
    having agents_nanos > 0
    order by agents_nanos desc, conversation_id
    limit $limit
),

unasked as (
    select
        c.conversation_id,
        c.agent_id,
        sum(c.cost_nanos)::bigint as after_last_human_nanos
    from call as c
    inner join dearest as d on c.conversation_id = d.conversation_id and c.occurred_at > d.asked_at
    where c.occurred_at < $end and c.day >= date_trunc('day', $start)
    group by c.conversation_id, c.agent_id
)

select
    t.conversation_id,
    t.agent_id,
    t.app,
    t.project,
    t.model,
    t.calls,
    t.cost_nanos,
    case when d.asked_at is not null then coalesce(u.after_last_human_nanos, 0) end as after_last_human_nanos,
    t.first_at,
    t.last_at
from threads as t
inner join dearest as d using (conversation_id)
left join unasked as u on t.conversation_id = u.conversation_id and t.agent_id is not distinct from u.agent_id
order by d.agents_nanos desc, t.conversation_id, t.agent_id is not null, t.cost_nanos desc nulls last, t.agent_id
