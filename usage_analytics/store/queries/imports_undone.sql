-- One row: what an undo of these imports removes, and how many of their calls stay because other imports hold them too.
with
mine as (
    select distinct source, event_id from observation where list_contains($imports, import_id)
),

shared as (
    select distinct o.source, o.event_id
    from observation as o
    semi join mine using (source, event_id)
    where not list_contains($imports, o.import_id)
),

gone as (
    select c.cost_nanos from call as c semi join mine using (source, event_id) anti join shared using (source, event_id)
)

select
    (select count(*) from gone) as calls,
    (select sum(cost_nanos)::bigint from gone) as cost_nanos,
    (select count(*) from shared) as staying,
    (select count(*) from import where list_contains($imports, import_id)) as files
