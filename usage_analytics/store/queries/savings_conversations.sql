-- One row per conversation of the hashes $keys, as texts: what it is called, and what it came to in all.
select
    hash(conversation_id) as key,
    conversation_id,
    project,
    app,
    model,
    first_at,
    calls,
    cost_nanos
from rollup_conversation
where hash(conversation_id) in (select unnest($keys::ubigint[]))
order by key
