-- One row per call: the maximum of what its observations count, and the words of the one that knows best.
create or replace temp table labelled as  -- two requests with one id are two calls; a replay or a copy without a request id is none
with
anchored as (
    select
        m.source,
        m.event_id,
        list_sort(list(distinct m.request_id) filter (m.request_id is not null and not coalesce(m.is_sidechain, false))) as anchors,
        count(distinct m.request_id) filter (m.request_id is not null and not coalesce(m.is_sidechain, false)) as requests
    from mine as m
    semi join shared using (source, event_id)
    group by all
)

select
    m.*,
    case
        when a.requests < 2 then ''
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
    m.extra,
    m.request_id,
    m.is_sidechain,
    m.is_copy,
    m.stated_at,
    m.is_whole_bucket,
    true as is_sole  -- nothing else is said of it, and what its observation says beyond a call is here too
from mine as m
anti join shared using (source, event_id)
union all
select
    source,
    event_id,
    part,
    import_id,
    grain,
    occurred_at,
    best.app,
    best.account,
    best.project,
    best.conversation_id,
    best.agent_id,
    message_index,
    run,
    human_prompt,
    best.entrypoint,
    best.version,
    best.model,
    best.model_raw,
    input_tokens,
    cache_read_tokens,
    cache_write_5m_tokens,
    cache_write_1h_tokens,
    output_tokens,
    output_is_final,
    unfinished,
    web_searches,
    speed,
    geo,
    batch,
    iterations,
    estimates,
    reported_cost_nanos,
    reported_cost_kind,
    paid_from,
    error,
    extra,
    null::varchar as request_id,
    null::boolean as is_sidechain,
    null::boolean as is_copy,
    null::timestamp as stated_at,
    null::boolean as is_whole_bucket,
    false as is_sole
from (
    select
        source,
        event_id,
        part,
        min(import_id) as import_id,
        min(grain) as grain,
        min(occurred_at) as occurred_at,
        arg_min(
            {
                'app': app, 'account': account, 'project': project, 'conversation_id': conversation_id, 'agent_id': agent_id,
                'entrypoint': entrypoint, 'version': version, 'model': model, 'model_raw': model_raw
            },
            -- no null is compared: engines differ on where they go
            row(
                coalesce(is_sidechain, false), coalesce(is_copy, false), occurred_at, coalesce(conversation_id, '~'),
                coalesce(agent_id, ''), coalesce(request_id, '~'), app, coalesce(project, '~'), coalesce(model_raw, '~'),
                coalesce(account, '~'), coalesce(version, '~'), coalesce(entrypoint, '~')
            )
        ) as best,
        max(message_index) as message_index,
        max(run) as run,
        bool_or(human_prompt) as human_prompt,
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
        arg_max(
            iterations,
            list_transform(
                iterations,
                lambda one: row(
                    coalesce(one.input_tokens, -1), coalesce(one.cache_read_tokens, -1), coalesce(one.cache_write_5m_tokens, -1),
                    coalesce(one.cache_write_1h_tokens, -1), coalesce(one.output_tokens, -1)
                )
            )
        ) as iterations,
        arg_max(
            estimates,
            list_transform(
                estimates,
                lambda one: row(
                    coalesce(one.input_tokens, -1), coalesce(one.cache_read_tokens, -1), coalesce(one.cache_write_5m_tokens, -1),
                    coalesce(one.cache_write_1h_tokens, -1), coalesce(one.output_tokens, -1)
                )
            )
        ) as estimates,
        max(reported_cost_nanos) as reported_cost_nanos,
        min(reported_cost_kind) as reported_cost_kind,
        max(paid_from) as paid_from,
        max(error) as error,
        max(extra) as extra
    from labelled
    group by all
)
