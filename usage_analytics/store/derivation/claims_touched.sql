-- One row per call of another source that goes by a name that the changed imports give to a call too.
create or replace temp table touched_twin as
with
named as (
    select event_id as name from observation where grain = 'call' and import_id in (select import_id from changed_import)
    union
    select request_id from observation where grain = 'call' and import_id in (select import_id from changed_import)
),

near as (
    select distinct source, event_id
    from observation
    where grain = 'call' and (event_id in (select name from named) or request_id in (select name from named))
),

-- a call has at most two names, and who shares one with it may share the other with a third
farther as (
    select event_id as name from near
    union
    select o.request_id from observation as o semi join near using (source, event_id) where o.request_id is not null
)

select distinct source, event_id
from observation
where grain = 'call' and (event_id in (select name from farther) or request_id in (select name from farther))
