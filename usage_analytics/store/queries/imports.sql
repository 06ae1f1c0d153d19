-- One row per import, newest first, with how many totals of a range of dates it states.
with
stated as (
    select import_id, count(*) as range_totals from range_total group by import_id
)

select
    i.import_id,
    batch,
    name,
    format,
    imported_at,
    lines,
    events_new,
    events_duplicate,
    lines_other,
    salvaged,
    rejected,
    coalesce(s.range_totals, 0) as range_totals,
    first_event_at,
    last_event_at,
    digest,
    path,
    inode,
    size,
    modified_ns,
    start_offset,
    end_offset
from import as i
left join stated as s on i.import_id = s.import_id
order by i.import_id desc
