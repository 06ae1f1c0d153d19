-- One row per line that could not be read, of the newest imports first, at most $limit; only where and why, for nothing else is kept.
select
    i.name,
    r.line,
    r.reason,
    i.imported_at
from reject as r
inner join import as i using (import_id)
order by i.import_id desc, r.line
limit $limit
