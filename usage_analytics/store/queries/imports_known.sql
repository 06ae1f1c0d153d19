-- One row per call of those asked for (as source and id, joined by a line feed) that the database holds.
select source, event_id
from call
where source || chr(10) || event_id in (select unnest($calls))
