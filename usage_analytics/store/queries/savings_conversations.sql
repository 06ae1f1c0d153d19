-- One row per conversation of the hashes $keys, as texts: what it is called, and what it came to in all. Of several models, the one that
-- most was spent on.
with
known as (
    select hash(conversation_id) as named, key, conversation_id, project, app, model, first_at, calls, cost_nanos
    from rollup_conversation
    where hash(conversation_id) in (select unnest($keys::ubigint[]))
),

main as (
    select key, arg_max(model, row(cost_nanos, model)) filter (cost_nanos is not null) as model
    from rollup_conversation_part
    where key in (select key from known)
    group by key
)

select
    k.named as key,
    k.conversation_id,
    k.project,
    k.app,
    coalesce(k.model, m.model) as model,
    k.first_at,
    k.calls,
    k.cost_nanos
from known as k
left join main as m using (key)
order by k.named
