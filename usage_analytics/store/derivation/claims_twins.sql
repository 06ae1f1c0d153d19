-- One row per call that another source knows better: the same request or message id, in a transcript, in telemetry, in a gateway's log. It
-- is set aside in `claim`, and what only it knows is kept with the call that counts.
create or replace temp table claim_name as
select c.source, c.event_id, c.part, n.name, s.knows
from call as c
inner join (
    select source, event_id, event_id as name from mine where grain = 'call'
    union
    select source, event_id, request_id from mine where grain = 'call' and request_id is not null
) as n using (source, event_id)
inner join claim_source as s using (source)
-- ids that vendors give; a person's own numbering of calls is nobody else's. Of two calls with one message id, each goes by its request
where (starts_with(n.name, 'req_') or starts_with(n.name, 'msg_') or length(n.name) >= 16) and (c.part = '' or n.name = c.part);

create or replace temp table claim_twin as
with
shared as (
    select
        name,
        arg_min(
            {'source': source, 'event_id': event_id, 'part': part},
            row(knows, source, event_id, part)
        ) as best
    from claim_name
    group by name
    having count(distinct source) > 1
),

led as (
    select
        n.source,
        n.event_id,
        n.part,
        n.knows,
        arg_min(s.best, row(k.knows, s.best.source, s.best.event_id, s.best.part)) as best
    from claim_name as n
    inner join shared as s using (name)
    inner join claim_source as k on k.source = s.best.source
    group by all
)

select
    source,
    event_id,
    part,
    knows,
    best.source as best_source,
    best.event_id as best_event_id,
    best.part as best_part
from led
where source <> best.source;

create or replace temp table claim_said as
select
    t.best_source as source,
    t.best_event_id as event_id,
    t.best_part as part,
    arg_min(c.account, row(t.knows, c.source, c.event_id, c.part)) filter (c.account is not null) as account,
    arg_min(c.project, row(t.knows, c.source, c.event_id, c.part)) filter (c.project is not null) as project,
    arg_min(c.run, row(t.knows, c.source, c.event_id, c.part)) filter (c.run is not null) as run,
    arg_min(c.paid_from_stated, row(t.knows, c.source, c.event_id, c.part)) filter (c.paid_from_stated is not null) as paid_from_stated,
    max(c.output_tokens) filter (not c.output_is_estimated) as output_tokens,
    max(c.reported_cost_nanos) filter (c.reported_cost_kind = 'billed') as billed_nanos
from call as c
inner join claim_twin as t using (source, event_id, part)
group by all;

create or replace temp view claim_finished as
select
    c.* exclude (computed_cost_nanos, output_tokens, estimated_output_tokens),
    s.output_tokens,
    s.output_tokens as estimated_output_tokens,
    null::struct(input_tokens bigint, cache_read_tokens bigint, cache_write_5m_tokens bigint, cache_write_1h_tokens bigint,
        output_tokens bigint)[] as iterations,
    null::varchar as extra
from call as c
inner join claim_said as s using (source, event_id, part)
where c.output_is_estimated and s.output_tokens >= coalesce(c.output_tokens, 0);

create or replace temp table claim_priced as
select source, event_id, part, output_tokens, computed_cost_nanos from priced('claim_finished');

update stored_call
set
    output_tokens = p.output_tokens,
    estimated_output_tokens = p.output_tokens,
    output_is_estimated = false,
    computed_cost_nanos = p.computed_cost_nanos,
    cost_nanos = case when stored_call.reported_cost_kind = 'billed' then stored_call.cost_nanos else coalesce(p.computed_cost_nanos, stored_call.cost_nanos) end,
    estimated_cost_nanos =
    case when stored_call.reported_cost_kind = 'billed' then stored_call.cost_nanos else coalesce(p.computed_cost_nanos, stored_call.estimated_cost_nanos) end
from claim_priced as p
where stored_call.source = p.source and stored_call.event_id = p.event_id and stored_call.part = p.part;

update stored_call
set
    account = coalesce(stored_call.account, s.account),
    project = coalesce(stored_call.project, s.project),
    run = coalesce(stored_call.run, s.run),
    paid_from_stated = coalesce(stored_call.paid_from_stated, s.paid_from_stated),
    cost_nanos = coalesce(s.billed_nanos, stored_call.cost_nanos),
    estimated_cost_nanos = coalesce(s.billed_nanos, stored_call.estimated_cost_nanos),
    reported_cost_nanos = coalesce(s.billed_nanos, stored_call.reported_cost_nanos),
    reported_cost_kind = case when s.billed_nanos is not null then 'billed' else stored_call.reported_cost_kind end
from claim_said as s
where
    stored_call.source = s.source and stored_call.event_id = s.event_id and stored_call.part = s.part
    and stored_call.reported_cost_kind is distinct from 'billed';

insert into claim by name
select c.* from call as c semi join claim_twin using (source, event_id, part);

delete from stored_call
where exists (
    select 1 from claim_twin as t where t.source = stored_call.source and t.event_id = stored_call.event_id and t.part = stored_call.part
)
