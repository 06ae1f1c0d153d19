-- One row per conversation with active time, the most expensive first, at most $limit; `length` as in `burn`. Days are those of UTC.
with
expensive as (
    select key, attended, longest, calls, active_ms, cost_nanos, first_at
    from conversation_within($start, $end, $models, $apps, $projects, $accounts)
    where is_one and active_ms > 0 and cost_nanos > 0
    order by cost_nanos desc, key
    limit $limit
)

select
    c.conversation_id,
    c.project,
    c.app,
    c.model,
    e.attended,
    case when e.longest >= $long_from then 'long' when e.longest > $short_to then 'middle' else 'short' end as length,
    e.calls,
    e.active_ms / 1000 as active_seconds,
    e.cost_nanos,
    e.first_at
from expensive as e
inner join rollup_conversation as c using (key)
order by e.cost_nanos desc, c.conversation_id
