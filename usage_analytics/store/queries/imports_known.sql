-- One row per call with one of the given ids that the database holds.
select source, event_id
from call
where event_id in (select unnest($ids))
