-- One row per conversation, the dearest first, at most $limit. Days are those of UTC.
with
dearest as (
    select key, calls, cost_nanos, resend_nanos, first_at, last_at
    from conversation_within($start, $end, $models, $apps, $projects, $accounts)
    where is_one and cost_nanos > 0
    order by cost_nanos desc, key
    limit $limit
),

mixed as (
    select
        key,
        arg_min(project, row(first_at, project)) as project,
        arg_min(app, row(first_at, app)) as app,
        arg_max(model, row(cost_nanos, model)) filter (cost_nanos is not null) as model
    from rollup_conversation_part
    where key in (select key from dearest)
        and day >= date_trunc('day', $start) and day < $end
        and (len($models) = 0 or list_contains($models, coalesce(model, '')))
        and (len($apps) = 0 or list_contains($apps, app))
        and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
        and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
    group by key
)

select
    c.conversation_id,
    coalesce(m.project, c.project) as project,
    coalesce(m.app, c.app) as app,
    coalesce(m.model, c.model) as model,
    d.calls,
    d.cost_nanos,
    d.resend_nanos,
    d.first_at,
    d.last_at
from dearest as d
inner join rollup_conversation as c using (key)
left join mixed as m using (key)
order by d.cost_nanos desc, c.conversation_id
