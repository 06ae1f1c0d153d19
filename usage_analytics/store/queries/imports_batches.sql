-- One row per batch of files that came in together, newest first.
with
spent as (
    select import_id, sum(cost_nanos) as cost_nanos from call group by import_id
),

stated as (
    select import_id, count(*) as range_totals from range_total group by import_id
)

select
    i.batch,
    min(i.imported_at) as imported_at,
    count(*) as files,
    arg_min(i.name, i.import_id) as name,
    list_sort(list(distinct i.format)) as formats,
    sum(i.lines)::bigint as lines,
    sum(i.events_new)::bigint as events_new,
    sum(i.events_duplicate)::bigint as events_duplicate,
    sum(i.lines_other)::bigint as lines_other,
    sum(i.salvaged)::bigint as salvaged,
    sum(i.rejected)::bigint as rejected,
    coalesce(sum(t.range_totals), 0)::bigint as range_totals,
    sum(s.cost_nanos)::bigint as cost_nanos,
    min(i.first_event_at) as first_event_at,
    max(i.last_event_at) as last_event_at
from import as i
left join spent as s using (import_id)
left join stated as t using (import_id)
group by i.batch
order by i.batch desc
