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
where
    import_id in (select import_id from changed_import)
    or conversation_id in (select conversation_id from touched_conversation)
    -- which statement of a restated bucket stands depends on the others
    or (
        stated_at is not null
        and exists (from observation where stated_at is not null and import_id in (select import_id from changed_import))
    )
group by all
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

delete from call
where (source, event_id) in (select (source, event_id) from touched);

delete from claim
where (source, event_id) in (select (source, event_id) from touched)
