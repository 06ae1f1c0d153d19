-- No row: where one source knows all calls, no two know the same.
create or replace temp table touched_twin (source varchar, event_id varchar)
