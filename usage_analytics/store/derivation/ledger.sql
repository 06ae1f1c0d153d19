-- One row per import that was just made: how many of its calls are new, and how many were known.
insert into import
with
observed as (
    select m.import_id, count(*) as calls
    from mine as m
    anti join shared using (source, event_id)
    group by all
    union all
    select import_id, count(distinct (source, event_id, part)) as calls
    from labelled
    group by all
),

known as (
    select import_id, sum(calls)::bigint as calls from observed group by all
),

made as (
    -- what a report states is new, whether or not calls itemize it; a call that another source knows better is not
    select import_id, count(*) as calls
    from (
        select import_id from call where grain = 'call'
        union all
        select import_id from claim where grain <> 'call'
    )
    where import_id in (select import_id from entry)
    group by all
),

span as (
    select import_id, min(occurred_at) as first_event_at, max(until) as last_event_at
    from (
        select import_id, occurred_at, occurred_at as until from mine
        union all
        select import_id, starts_at, ends_at from range_total
    )
    where import_id in (select import_id from entry)
    group by all
)

select
    e.import_id,
    e.batch,
    e.name,
    e.format,
    e.digest,
    e.imported_at,
    e.lines,
    coalesce(made.calls, 0) as events_new,
    coalesce(known.calls, 0) - coalesce(made.calls, 0) as events_duplicate,
    e.lines_other,
    e.salvaged,
    e.rejected,
    span.first_event_at,
    span.last_event_at,
    e.path,
    e.inode,
    e.size,
    e.modified_ns,
    e.start_offset,
    e.end_offset,
    e.mark,
    e.uid
from entry as e
left join known on e.import_id = known.import_id
left join made on e.import_id = made.import_id
left join span on e.import_id = span.import_id
