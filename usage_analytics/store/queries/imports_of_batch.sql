-- One row per file of a batch, in the order in which they were read.
with
spent as (
    select import_id, sum(cost_nanos) as cost_nanos
    from call
    where import_id in (select import_id from import where batch = $batch)
    group by import_id
),

stated as (
    select import_id, count(*) as range_totals from range_total group by import_id
)

select
    i.import_id,
    i.name,
    i.format,
    i.lines,
    i.events_new,
    i.events_duplicate,
    i.lines_other,
    i.salvaged,
    i.rejected,
    coalesce(t.range_totals, 0) as range_totals,
    s.cost_nanos::bigint as cost_nanos,
    i.first_event_at,
    i.last_event_at
from import as i
left join spent as s using (import_id)
left join stated as t using (import_id)
where i.batch = $batch
order by i.import_id
