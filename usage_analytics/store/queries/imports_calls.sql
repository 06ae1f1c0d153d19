-- One row per call: which import was the first to bring it, what it is known by, and what it costs.
select import_id, source, event_id, cost_nanos
from call
order by import_id
