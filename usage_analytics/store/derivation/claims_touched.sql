-- One row per call of another source that goes by a name that the changed imports give to a call too. Each name is looked for in one column
-- at a time, so that most of the database is passed over by what it lists as its least and greatest value.
create or replace temp table touched_twin as
with
named as (
    select event_id as name from observation where grain = 'call' and import_id in (select import_id from changed_import)
    union
    select request_id from observation where grain = 'call' and import_id in (select import_id from changed_import)
),

near as (
    select o.source, o.event_id
    from observation as o
    semi join named as n on o.event_id = n.name
    where o.grain = 'call'
    union
    select o.source, o.event_id
    from observation as o
    semi join named as n on o.request_id = n.name
    where o.grain = 'call'
),

-- a call has at most two names, and who shares one with it may share the other with a third
farther as (
    select event_id as name from near
    union
    select o.request_id from observation as o semi join near using (source, event_id) where o.request_id is not null
)

select o.source, o.event_id
from observation as o
semi join farther as f on o.event_id = f.name
where o.grain = 'call'
union
select o.source, o.event_id
from observation as o
semi join farther as f on o.request_id = f.name
where o.grain = 'call'
