-- One row per call that an import names, with how often it does: what the call is known by, when it was, and what it costs.
select
    o.import_id,
    o.source,
    o.event_id,
    count(*)                as times,
    min(o.occurred_at)      as occurred_at,
    any_value(o.app)        as app,
    any_value(o.model)      as model,
    any_value(c.cost_nanos) as cost_nanos
from observation as o
left join call as c on o.source = c.source and o.event_id = c.event_id
where o.event_id is not null
group by o.import_id, o.source, o.event_id
order by o.import_id, min(o.occurred_at), o.source, o.event_id
