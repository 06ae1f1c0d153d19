-- One row per call: the maximum of what its observations count, and the words of the one that knows best.
create or replace temp table shared as
select source, event_id from mine group by all having count(*) > 1;

create or replace temp table labelled as  -- two requests with one id are two calls; a replay or a copy without a request id is none
with
anchored as (
    select
        m.source,
        m.event_id,
        list_sort(list(distinct m.request_id) filter (m.request_id is not null and not coalesce(m.is_sidechain, false))) as anchors
    from mine as m
    semi join shared using (source, event_id)
    group by all
)

select
    m.*,
    case
        when coalesce(len(a.anchors), 0) < 2 then ''
        when list_contains(a.anchors, m.request_id) then m.request_id
        else a.anchors[1]
    end as part
from mine as m
inner join anchored as a using (source, event_id);

create or replace temp view merged as
select
    m.source,
    m.event_id,
    '' as part,
    m.import_id,
    m.grain,
    m.occurred_at,
    m.app,
    m.account,
    m.project,
    m.conversation_id,
    m.agent_id,
    m.message_index,
    m.run,
    m.human_prompt,
    m.entrypoint,
    m.version,
    m.model,
    m.model_raw,
    m.input_tokens,
    m.cache_read_tokens,
    m.cache_write_5m_tokens,
    m.cache_write_1h_tokens,
    m.output_tokens,
    m.output_is_final,
    m.unfinished,
    m.web_searches,
    m.speed,
    m.geo,
    m.batch,
    m.iterations,
    m.estimates,
    m.reported_cost_nanos,
    m.reported_cost_kind,
    m.paid_from,
    m.error,
    m.extra
from mine as m
anti join shared using (source, event_id)
union all
select
    source,
    event_id,
    part,
    min(import_id) as import_id,
    min(grain) as grain,
    min(occurred_at) as occurred_at,
    first(app order by known_first) as app,
    first(account order by known_first) as account,
    first(project order by known_first) as project,
    first(conversation_id order by known_first) as conversation_id,
    first(agent_id order by known_first) as agent_id,
    max(message_index) as message_index,
    max(run) as run,
    bool_or(human_prompt) as human_prompt,
    first(entrypoint order by known_first) as entrypoint,
    first(version order by known_first) as version,
    first(model order by known_first) as model,
    first(model_raw order by known_first) as model_raw,
    max(input_tokens) as input_tokens,
    max(cache_read_tokens) as cache_read_tokens,
    max(cache_write_5m_tokens) as cache_write_5m_tokens,
    max(cache_write_1h_tokens) as cache_write_1h_tokens,
    max(output_tokens) as output_tokens,
    bool_or(output_is_final) as output_is_final,
    list_distinct(flatten(list(unfinished) filter (unfinished is not null))) as unfinished,
    max(web_searches) as web_searches,
    max(speed) as speed,
    max(geo) as geo,
    bool_or(batch) as batch,
    max(iterations) as iterations,
    max(estimates) as estimates,
    max(reported_cost_nanos) as reported_cost_nanos,
    min(reported_cost_kind) as reported_cost_kind,
    max(paid_from) as paid_from,
    max(error) as error,
    max(extra) as extra
from (
    select
        *,
        row(
            coalesce(is_sidechain, false), coalesce(is_copy, false), occurred_at, coalesce(conversation_id, '~'),
            coalesce(agent_id, ''), coalesce(request_id, '~'), app, coalesce(project, '~'), coalesce(model_raw, '~'),
            coalesce(account, '~'), coalesce(version, '~'), coalesce(entrypoint, '~')
        ) as known_first
    from labelled
)
group by all
