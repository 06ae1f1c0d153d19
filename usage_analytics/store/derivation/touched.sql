-- One row per call that a change reaches: those that the changed imports observe, those of the conversations they add to, and those that
-- another source knows too (`touched_twin`).
create or replace temp table touched_conversation as
select conversation_id
from observation
where import_id in (select import_id from changed_import) and conversation_id is not null
union
select conversation_id
from prompt
where import_id in (select import_id from changed_import) and kind <> 'present';

create or replace temp table touched as
select source, event_id
from observation
where import_id in (select import_id from changed_import)
union
select o.source, o.event_id
from observation as o
semi join touched_conversation using (conversation_id)
union
-- which statement of a restated bucket stands depends on the others
select source, event_id
from observation
where
    stated_at is not null
    and exists (from observation where stated_at is not null and import_id in (select import_id from changed_import))
union
select source, event_id from touched_twin;

create or replace temp table touched_day as
select c.day from call as c semi join touched using (source, event_id)
union
select c.day from claim as c semi join touched using (source, event_id);

create or replace temp table regrouped_conversation as
select distinct c.conversation_id
from call as c
semi join touched using (source, event_id)
where c.conversation_id is not null;

-- by the id alone first, which passes over most of the table
delete from stored_call
where event_id in (select event_id from touched) and (source, event_id) in (select (source, event_id) from touched);

update stored_observation
set is_call = false
where is_call and event_id in (select event_id from touched) and (source, event_id) in (select (source, event_id) from touched);

delete from claim
where event_id in (select event_id from touched) and (source, event_id) in (select (source, event_id) from touched)
