-- One row per call with one of the given ids that the database holds, with the file that was the first to bring it.
select c.source, c.event_id, i.name
from call as c
left join import as i on c.import_id = i.import_id
where c.event_id in (select unnest($ids))
