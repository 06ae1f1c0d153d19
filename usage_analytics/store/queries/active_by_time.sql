-- One row per period of the grain: time worked in conversations, and what they cost. Days are those of UTC.
select
    date_trunc(case when $grain = 'hour' then 'day' else $grain end, day) as period,
    sum(active_seconds) as active_seconds,
    sum(cost_nanos)::bigint as cost_nanos
from rollup_conversation
where conversation_id is not null
    and active_seconds > 0
    and cost_nanos is not null
    and day >= date_trunc('day', $start) and day < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
    and (len($apps) = 0 or list_contains($apps, app))
    and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
group by all
order by period
