-- One row per other observation of such an import, and one per call that several observe, or whose output was never finished.
insert into stored_observation by name
select i.*
from incoming as i
semi join shared as s on s.source = i.source and s.event_id = i.event_id
union all
select i.*
from incoming as i
anti join shared as s on s.source = i.source and s.event_id = i.event_id
where i.output_is_final is false;

insert into stored_call
select * exclude (stands_alone) from made_call
where not stands_alone
