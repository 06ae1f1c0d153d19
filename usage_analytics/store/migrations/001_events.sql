-- What imports observed, the calls that follow from it, and the roll-ups that pages read.
-- The columns of observation, prompt, limit_seen and session_total are those of usage_analytics/events.py, with import_id for import_no.

create table import_number (next_id integer not null);  -- ids are never given twice
insert into import_number values (1);

create table import (
    import_id        integer   not null,
    batch            integer   not null,  -- files that came in together
    name             varchar   not null,  -- base name; never a path
    format           varchar   not null,
    digest           varchar,             -- of the whole content, where it was read at once
    imported_at      timestamp not null,
    lines            bigint    not null,
    events_new       bigint    not null,
    events_duplicate bigint    not null,
    lines_other      bigint    not null,
    salvaged         bigint    not null,
    rejected         bigint    not null,
    first_event_at   timestamp,
    last_event_at    timestamp,
    -- where a sync goes on: set for files that were read in place
    path             varchar,
    inode            bigint,
    size             bigint,
    modified_ns      bigint,
    start_offset     bigint,
    end_offset       bigint,
    mark             varchar              -- digest of the first and last bytes read: a rewritten file is not the one we knew
);

create table reject (
    import_id integer not null,
    line      bigint,
    reason    varchar not null
);

create table observation (
    import_id               integer   not null,
    source                  varchar   not null,
    grain                   varchar   not null,
    event_id                varchar   not null,
    request_id              varchar,
    is_sidechain            boolean,
    is_copy                 boolean,
    occurred_at             timestamp not null,
    app                     varchar   not null,
    account                 varchar,
    project                 varchar,
    conversation_id         varchar,
    agent_id                varchar,
    message_index           bigint,
    run                     varchar,
    human_prompt            boolean,
    entrypoint              varchar,
    version                 varchar,
    model                   varchar,
    model_raw               varchar,
    input_tokens            bigint,
    cache_read_tokens       bigint,
    cache_write_5m_tokens   bigint,
    cache_write_1h_tokens   bigint,
    output_tokens           bigint,
    output_is_final         boolean,
    unfinished              struct(line bigint, chars bigint)[],
    web_searches            bigint,
    speed                   varchar,
    geo                     varchar,
    batch                   boolean,
    iterations              struct(input_tokens bigint, cache_read_tokens bigint, cache_write_5m_tokens bigint,
                                   cache_write_1h_tokens bigint, output_tokens bigint)[],
    reported_cost_nanos     bigint,
    reported_cost_kind      varchar,
    paid_from               varchar,
    error                   varchar,
    extra                   varchar
);

create table prompt (
    import_id       integer   not null,
    conversation_id varchar   not null,
    occurred_at     timestamp not null,
    kind            varchar   not null
);

create table limit_seen (
    import_id       integer   not null,
    source          varchar   not null,
    occurred_at     timestamp not null,
    app             varchar,
    account         varchar,
    conversation_id varchar,
    gauge           varchar   not null,
    resets_at       timestamp,
    reason          varchar
);

create table session_total (
    import_id           integer not null,
    conversation_id     varchar not null,
    started_at          timestamp,
    model               varchar not null,
    input_tokens        bigint,
    cache_read_tokens   bigint,
    cache_write_tokens  bigint,
    output_tokens       bigint,
    reported_cost_nanos bigint
);

-- One row per model, validity and tier: list prices, or the person's own. Picodollars a token; see pricing/.
create table rate (
    model                 varchar   not null,
    effective_from        timestamp not null,
    effective_to          timestamp not null,
    tier                  varchar   not null,  -- standard, long, fast
    above_tokens          bigint,              -- long: applies to prompts of more tokens than this
    input_picos           bigint    not null,
    cache_read_picos      bigint    not null,
    cache_write_5m_picos  bigint    not null,
    cache_write_1h_picos  bigint    not null,
    output_picos          bigint    not null,
    web_search_nanos      bigint    not null,
    surcharges            boolean   not null   -- whether US geography, batch and web searches change the price
);

-- The rates in force, as a digest: when they change, every call is priced anew.
create table rate_table (digest varchar not null);

-- One row per call, or per bucket of calls where the source says no more: what the observations come to.
create table call (
    source                  varchar   not null,
    event_id                varchar   not null,  -- the call's own id; with `part` it is unique within a source
    part                    varchar   not null,  -- '' unless two different requests carry the same id
    import_id               integer   not null,
    grain                   varchar   not null,
    occurred_at             timestamp not null,
    app                     varchar   not null,
    account                 varchar,
    project                 varchar,
    conversation_id         varchar,
    agent_id                varchar,
    message_index           bigint,
    run                     varchar,
    human_prompt            boolean,
    entrypoint              varchar,
    version                 varchar,
    model                   varchar,
    model_raw               varchar,
    input_tokens            bigint,
    cache_read_tokens       bigint,
    cache_write_5m_tokens   bigint,
    cache_write_1h_tokens   bigint,
    output_tokens           bigint,
    output_is_estimated     boolean   not null,
    estimated_output_tokens bigint,              -- equals output_tokens where nothing is estimated
    web_searches            bigint,
    speed                   varchar,
    geo                     varchar,
    batch                   boolean,
    cost_nanos              bigint,              -- what counts: billed, else computed, else the client's guess; null is unpriced
    estimated_cost_nanos    bigint,              -- the same with unfinished outputs estimated
    computed_cost_nanos     bigint,
    reported_cost_nanos     bigint,
    reported_cost_kind      varchar,
    counted_elsewhere       boolean   not null,  -- another row of the same store counts this one: its cost is 0 here
    resend_nanos            bigint,              -- of the cost: what had already been sent in this conversation
    active_seconds          double,              -- since the call before it in the conversation, at most ten minutes
    paid_from_stated        varchar,
    cache_signal            varchar,             -- 1h or 5m: the lifetime of the cache writes on the main thread, nearest before
    error                   varchar,
    extra                   varchar,
    day                     date      not null   -- of occurred_at in UTC: what lies on other days is not even read
);

create table rollup_hour (
    hour                  timestamp not null,
    source                varchar   not null,
    model                 varchar,
    app                   varchar   not null,
    project               varchar,
    account               varchar,
    run                   varchar,
    rows                  bigint    not null,
    calls                 bigint    not null,  -- rows of call grain; a bucket does not say how many calls it holds
    unpriced_calls        bigint    not null,
    estimated_calls       bigint    not null,
    human_prompts         bigint    not null,
    input_tokens          bigint,
    cache_read_tokens     bigint,
    cache_write_5m_tokens bigint,
    cache_write_1h_tokens bigint,
    output_tokens         bigint,
    web_searches          bigint,
    cost_nanos            bigint,
    estimated_cost_nanos  bigint,
    computed_cost_nanos   bigint,              -- only of rows that also have a reported cost: the two are comparable
    reported_cost_nanos   bigint,              -- only of rows that also have a computed cost
    told_nanos            bigint,              -- of the cost: calls in conversations whose source says what was sent
    resend_nanos          bigint,              -- of the cost: what had been sent before in its conversation
    active_ms             bigint,              -- of priced calls in conversations
    active_nanos          bigint,              -- what these calls cost
    long_outputs          bigint    not null,  -- outputs of 4,000 tokens or more
    long_output_nanos     bigint,
    first_at              timestamp not null,
    last_at               timestamp not null
);

-- One row per day, dimension and value: what a person can keep, whatever else is kept.
create table rollup_value (
    day        date      not null,
    dimension  varchar   not null,             -- model, app, project, account
    value      varchar,
    rows       bigint    not null,
    calls      bigint    not null,
    cost_nanos bigint,
    first_at   timestamp not null,
    last_at    timestamp not null
);

-- One row per conversation, whole. Where it has several models, apps, projects or accounts, that column is null and `one_…` false.
create table rollup_conversation (
    key             ubigint   not null,        -- hash of conversation_id: numbers are grouped far faster than words
    conversation_id varchar   not null,
    first_day       date      not null,
    last_day        date      not null,
    one_model       boolean   not null,
    one_app         boolean   not null,
    one_project     boolean   not null,
    one_account     boolean   not null,
    model           varchar,
    app             varchar,
    project         varchar,
    account         varchar,
    attended        boolean   not null,        -- whether any part is interactive, or does not say
    calls           bigint    not null,
    longest         bigint,                    -- the furthest place that any thread reached
    reached         bigint,                    -- the same without subagents
    cost_nanos      bigint,
    told_nanos      bigint,                    -- of the cost: where the source says what was sent
    resend_nanos    bigint,
    unpriced_calls  bigint    not null,
    active_ms       bigint,
    first_at        timestamp not null,
    last_at         timestamp not null
);

-- One row per conversation, day (UTC), model, app, project and account, of the conversations that have several such rows; and of the calls
-- that belong to no conversation, which have no key. `first_day`, `last_day` and `one_…` are those of the whole conversation.
create table rollup_conversation_part (
    key            ubigint,
    day            date      not null,
    first_day      date,
    last_day       date,
    one_model      boolean   not null,
    one_app        boolean   not null,
    one_project    boolean   not null,
    one_account    boolean   not null,
    model          varchar,
    app            varchar   not null,
    project        varchar,
    account        varchar,
    attended       boolean   not null,
    calls          bigint    not null,
    longest        bigint,
    reached        bigint,
    cost_nanos     bigint,
    told_nanos     bigint,
    resend_nanos   bigint,
    unpriced_calls bigint    not null,
    active_ms      bigint,
    first_at       timestamp not null,
    last_at        timestamp not null
);

create table rollup_place (
    day           date      not null,
    app           varchar   not null,
    project       varchar,
    account       varchar,
    model         varchar,
    from_index    bigint    not null,          -- the band's first place in the conversation; bands double: 1, 2, 3, 4, 6, 8, 12, …
    calls         bigint    not null,
    prompt_tokens bigint,
    cost_nanos    bigint,
    resend_nanos  bigint
);

-- One row per hour (UTC) of the span's days: the period of the grain that it lies in, on the clock of the zone. Asking the zone is slow.
create macro calendar(span_start, span_end, grain, zone) as table
select
    hour,
    date_trunc(grain, timezone(zone, timezone('UTC', hour))) as period
from (
    select days.day + to_hours(hours.hour) as hour
    from (select distinct day from rollup_value where day >= date_trunc('day', span_start) and day < span_end) as days (day),
        range(24) as hours (hour)
) as clock (hour);

-- One row per conversation that has calls within a span of days (of UTC) under the filters, and one that `is_one` not, for calls that belong
-- to none: what these calls come to. A conversation that is kept whole is read whole; only of the others are the parts added up.
create macro conversation_within(span_start, span_end, models, apps, projects, accounts) as table
with
whole as (
    select true as is_one, key, attended, calls, longest, reached, cost_nanos, told_nanos, resend_nanos, unpriced_calls, active_ms, first_at, last_at
    from rollup_conversation
    where first_day >= date_trunc('day', span_start) and last_day < span_end
        and (len(models) = 0 or (one_model and list_contains(models, coalesce(model, ''))))
        and (len(apps) = 0 or (one_app and list_contains(apps, app)))
        and (len(projects) = 0 or (one_project and list_contains(projects, coalesce(project, ''))))
        and (len(accounts) = 0 or (one_account and list_contains(accounts, coalesce(account, ''))))
),

partly as (
    select
        key is not null as is_one,
        key,
        bool_or(attended) as attended,
        sum(calls)::bigint as calls,
        max(longest) as longest,
        max(reached) as reached,
        sum(cost_nanos)::bigint as cost_nanos,
        sum(told_nanos)::bigint as told_nanos,
        sum(resend_nanos)::bigint as resend_nanos,
        sum(unpriced_calls)::bigint as unpriced_calls,
        sum(active_ms)::bigint as active_ms,
        min(first_at) as first_at,
        max(last_at) as last_at
    from rollup_conversation_part
    where day >= date_trunc('day', span_start) and day < span_end
        and (len(models) = 0 or list_contains(models, coalesce(model, '')))
        and (len(apps) = 0 or list_contains(apps, app))
        and (len(projects) = 0 or list_contains(projects, coalesce(project, '')))
        and (len(accounts) = 0 or list_contains(accounts, coalesce(account, '')))
        and (
            first_day >= date_trunc('day', span_start) and last_day < span_end
            and (len(models) = 0 or one_model)
            and (len(apps) = 0 or one_app)
            and (len(projects) = 0 or one_project)
            and (len(accounts) = 0 or one_account)
        ) is not true
    group by key
)

select is_one, key, attended, calls, longest, reached, cost_nanos, told_nanos, resend_nanos, unpriced_calls, active_ms, first_at, last_at
from whole
union all
select is_one, key, attended, calls, longest, reached, cost_nanos, told_nanos, resend_nanos, unpriced_calls, active_ms, first_at, last_at
from partly;

create view event as
select
    c.occurred_at,
    c.app,
    c.model,
    (c.cost_nanos / 1000000000::decimal(18, 0))::decimal(28, 9) as cost_usd,
    c.input_tokens,
    c.cache_read_tokens,
    c.cache_write_5m_tokens,
    c.cache_write_1h_tokens,
    c.output_tokens,
    c.web_searches,
    c.speed,
    c.geo,
    c.batch,
    c.event_id,
    c.account,
    c.project,
    c.conversation_id,
    c.message_index,
    c.run,
    c.human_prompt,
    c.error,
    case
        when c.paid_from_stated is not null then c.paid_from_stated
        when c.speed = 'fast' then 'credits'
        when c.cache_signal = '1h' then 'plan'
        when c.cache_signal = '5m' and (select bool_or(known.cache_signal = '1h') from call as known) then 'credits'
    end as paid_from,
    case
        when c.paid_from_stated is not null then 'stated by the source'
        when c.speed = 'fast' then 'inferred: fast mode is always paid from credits'
        when c.cache_signal = '1h' then 'inferred: caches live an hour while the plan pays'
        when c.cache_signal = '5m' and (select bool_or(known.cache_signal = '1h') from call as known)
            then 'inferred: caches live five minutes on credits, and lived an hour before'
    end as paid_from_reason,
    c.source,
    c.import_id,
    (c.estimated_cost_nanos / 1000000000::decimal(18, 0))::decimal(28, 9) as estimated_cost_usd,
    c.output_is_estimated,
    c.grain,
    c.counted_elsewhere,
    c.agent_id
from call as c;

create view conversation as
select
    conversation_id,
    any_value(source) as source,
    arg_min(app, occurred_at) as app,
    arg_min(project, occurred_at) as project,
    arg_min(account, occurred_at) as account,
    min(occurred_at) as started_at,
    max(occurred_at) as last_at,
    count(*) as calls,
    count(*) filter (human_prompt) as human_prompts,
    list_sort(list(distinct model)) as models,
    sum(input_tokens)::bigint as input_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens,
    sum(cache_write_5m_tokens)::bigint as cache_write_5m_tokens,
    sum(cache_write_1h_tokens)::bigint as cache_write_1h_tokens,
    sum(output_tokens)::bigint as output_tokens,
    (sum(cost_nanos) / 1000000000::decimal(18, 0))::decimal(28, 9) as cost_usd,
    (sum(estimated_cost_nanos) / 1000000000::decimal(18, 0))::decimal(28, 9) as estimated_cost_usd,
    count(*) filter (cost_nanos is null) as unpriced_calls
from call
where conversation_id is not null
group by conversation_id;
