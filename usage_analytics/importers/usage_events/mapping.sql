-- How the text of usage events becomes observations. `raw` has one row per event: `line`, the columns of the contract as text, and `unknown`,
-- a map of the others. `model_name` has one row per distinct model: what it means; `error_gauge` one per error that names an empty gauge.

create or replace temp macro stated(v) as nullif(trim(v), '');

-- A whole number as programs write it, also 1200.0 from a column that once had gaps. 1.000 might be one or a thousand: it is neither.
create or replace temp macro is_whole(v) as regexp_full_match(v, '\d{1,15}(\.0{1,2})?');
create or replace temp macro whole(v) as case
    when try_cast(v as uinteger)::varchar = v then try_cast(v as uinteger)::bigint  -- nearly all, and a pattern costs ten times as much
    when is_whole(v) then try_cast(v as bigint)
end;
create or replace temp macro no_whole(name, v, understood) as
    case when v is not null and understood is null then name || ' is not a whole number such as 1200, without separators, sign or exponent.' end;

-- Dollars: 1234.5, $0.03, 1,234.50, and 8e-06 as programs write small ones. Commas count only where a point follows them.
create or replace temp macro is_dollars(v) as
    regexp_full_match(v, '\$? ?(\d{1,9}(\.\d{0,30})?|\.\d{1,30}|\d{1,3}(,\d{3}){1,2}\.\d{1,30}|\d(\.\d{1,30})?[eE]-\d{1,2})');
create or replace temp macro nanos(v) as
    case when is_dollars(v) then (try_cast(ltrim(replace(v, ',', ''), '$ ') as decimal(28, 9)) * 1000000000)::bigint end;

create or replace temp macro is_moment(v) as
    regexp_full_match(v, '2[01]\d\d-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?)? ?([Zz]|UTC|[+-]\d\d(:?\d\d)?)?');
create or replace temp macro moment(v) as
    case when is_moment(v) then timezone('UTC', try_cast(replace(v, ',', '.') as timestamptz)) end;

create or replace temp macro truth(v) as
    case when lower(v) in ('true', '1', 'yes') then true when lower(v) in ('false', '0', 'no') then false end;
create or replace temp macro run_of(v) as
    case when v in ('interactive', 'headless', 'scheduled', 'subagent', 'ci') then v end;
create or replace temp macro pool_of(v) as case when v in ('plan', 'credits', 'api') then v end;

-- A name is short and on one line; anything else is text that landed in the wrong column.
create or replace temp macro no_name(name, v) as
    case
        when (strlen(v) > 200 and length(v) > 200) or contains(v, chr(10)) then name || ' is longer than 200 characters or has a line break: that is no name.'
    end;
create or replace temp macro is_label(v) as
    length(v) <= 64 and regexp_full_match(v, '[^\s{\[]\S*( \S+){0,2}');

create or replace temp view written as
select
    line,
    stated(occurred_at)           as occurred_at,
    stated(app)                   as app,
    stated(model)                 as model,
    stated(cost_usd)              as cost_usd,
    stated(input_tokens)          as input_tokens,
    stated(cache_read_tokens)     as cache_read_tokens,
    stated(cache_write_5m_tokens) as cache_write_5m_tokens,
    stated(cache_write_1h_tokens) as cache_write_1h_tokens,
    stated(output_tokens)         as output_tokens,
    stated(web_searches)          as web_searches,
    stated(speed)                 as speed,
    stated(geo)                   as geo,
    stated(batch)                 as batch,
    stated(event_id)              as event_id,
    stated(account)               as account,
    stated(project)               as project,
    stated(conversation_id)       as conversation_id,
    stated(message_index)         as message_index,
    stated(run)                   as run,
    stated(human_prompt)          as human_prompt,
    stated(error)                 as error,
    stated(paid_from)             as paid_from,
    unknown
from raw;

create or replace temp view valued as
select
    *,
    moment(occurred_at)           as moment,
    nanos(cost_usd)               as cost_nanos,
    whole(input_tokens)           as input,
    whole(cache_read_tokens)      as cache_read,
    whole(cache_write_5m_tokens)  as cache_write_5m,
    whole(cache_write_1h_tokens)  as cache_write_1h,
    whole(output_tokens)          as output,
    whole(web_searches)           as searches,
    whole(message_index)          as position
from written;

create or replace temp view understood as
select
    line,
    moment                                              as occurred_at,
    app, model, event_id, account, project, conversation_id, run, error, paid_from,
    lower(speed)                                        as speed,
    lower(geo)                                          as geo,
    cost_nanos,
    input                                               as input_tokens,
    cache_read                                          as cache_read_tokens,
    cache_write_5m                                      as cache_write_5m_tokens,
    cache_write_1h                                      as cache_write_1h_tokens,
    output                                              as output_tokens,
    searches                                            as web_searches,
    position                                            as message_index,
    truth(batch)                                        as batch,
    truth(human_prompt)                                 as human_prompt,
    case
        when unknown is not null then list_filter(
            list_transform(map_entries(unknown), lambda one: {'key': one.key, 'value': stated(one.value)}),
            lambda one: one.value is not null
        )
    end                                                 as unknown,
    coalesce(
        case
            when moment is not null then null
            when occurred_at is null then 'occurred_at is empty; every event needs its time.'
            when regexp_full_match(occurred_at, '[\d.]+')
                then 'occurred_at is a number; write it as ISO 8601, such as 2026-11-01T09:30:00Z.'
            else 'occurred_at is not an ISO 8601 time such as 2026-11-01T09:30:00Z.'
        end,
        case when app is null then 'app is empty; every event needs the app that made the call.' end,
        no_name('app', app),
        no_name('model', model),
        no_name('event_id', event_id),
        no_name('account', account),
        no_name('project', project),
        no_name('conversation_id', conversation_id),
        no_whole('input_tokens', input_tokens, input),
        no_whole('cache_read_tokens', cache_read_tokens, cache_read),
        no_whole('cache_write_5m_tokens', cache_write_5m_tokens, cache_write_5m),
        no_whole('cache_write_1h_tokens', cache_write_1h_tokens, cache_write_1h),
        no_whole('output_tokens', output_tokens, output),
        no_whole('web_searches', web_searches, searches),
        no_whole('message_index', message_index, position),
        case
            when cost_usd is not null and cost_nanos is null
            then 'cost_usd is not an amount in dollars such as 1234.50, without sign or exponent.'
        end,
        case when batch is not null and truth(batch) is null then 'batch is not true or false.' end
    )                                                   as fault
from valued;

-- Without an id of its own, the whole row is the event's identity: as it was written, not as we understand it, so that a model or a word
-- which is known only to a later version stays the same event; numbers and times by value, so that the container does not matter.
create or replace temp view identified as
select
    understood.*,
    coalesce(event_id, md5(concat_ws(
        chr(31),
        epoch_us(occurred_at),
        app,
        'model=' || model,
        'cost=' || cost_nanos,
        'input=' || input_tokens,
        'read=' || cache_read_tokens,
        'write5m=' || cache_write_5m_tokens,
        'write1h=' || cache_write_1h_tokens,
        'output=' || output_tokens,
        'searches=' || web_searches,
        'speed=' || speed,
        'geo=' || geo,
        'batch=' || batch,
        'account=' || account,
        'project=' || project,
        'conversation=' || conversation_id,
        'index=' || message_index,
        'run=' || run,
        'human=' || human_prompt,
        'error=' || error,
        'paid=' || paid_from,
        nullif(array_to_string(list_sort(list_transform(unknown, lambda one: one.key || '=' || one.value)), chr(31)), '')
    )))                                                 as identity
from understood
where fault is null;

-- The columns of an observation that usage events can state; the others are null.
create or replace temp view observed as
select
    getvariable('import_no')::integer                   as import_no,
    getvariable('source')                               as source,
    getvariable('grain')                                as grain,
    identity                                            as event_id,
    false                                               as is_sidechain,
    false                                               as is_copy,
    occurred_at,
    app,
    account,
    project,
    conversation_id,
    message_index,
    run_of(lower(run))                                  as run,
    human_prompt,
    model_name.model                                    as model,
    identified.model                                    as model_raw,
    input_tokens,
    cache_read_tokens,
    cache_write_5m_tokens,
    cache_write_1h_tokens,
    output_tokens,
    true                                                as output_is_final,
    web_searches,
    case
        when identified.speed is null then model_name.speed
        when identified.speed not in ('standard', 'normal') then identified.speed
    end                                                 as speed,
    nullif(geo, 'not_available')                        as geo,
    batch,
    cost_nanos                                          as reported_cost_nanos,
    case when cost_nanos is not null then 'billed' end  as reported_cost_kind,
    pool_of(lower(paid_from))                           as paid_from,
    case
        when is_label(error) then error
        when regexp_matches(error, '(?i)out of (extra usage|usage credits)|credit balance is too low') then 'out_of_credits'
        when regexp_matches(error, '(?i)rate.?limit|hit your|reached your|too many requests') then 'rate_limit'
        when regexp_matches(error, '(?i)overloaded') then 'overloaded'
        when regexp_matches(error, '(?i)timed? ?out') then 'timeout'
        when error is not null then 'other'
    end                                                 as error,
    case
        when unknown is not null then nullif(to_json(map_from_entries(list_filter(
            unknown,
            lambda one: is_label(one.value) and not list_contains(getvariable('wordy'), one.key)
        )))::varchar, '{}')
    end                                                 as extra
from identified
left join model_name on model_name.raw = identified.model;

-- The events that were refused for want of allowance or credits, by what `error_gauge` makes of the text: of which only the class stays.
create or replace temp view refused as
select
    getvariable('import_no')::integer                   as import_no,
    getvariable('source')                               as source,
    occurred_at,
    app,
    account,
    conversation_id,
    error_gauge.gauge                                   as gauge,
    case when regexp_full_match(error, '[a-z0-9_-]{1,60}') then error end as reason
from identified
inner join error_gauge on error_gauge.raw = identified.error;
