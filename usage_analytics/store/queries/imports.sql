-- One row per import, newest first.
select
    import_id,
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
    first_event_at,
    last_event_at,
    digest,
    path,
    inode,
    size,
    modified_ns,
    start_offset,
    end_offset
from import
order by import_id desc
