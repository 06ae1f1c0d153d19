-- One row per call and thread of a conversation: its position there, what came before it, and who asked last.
--
-- Rows are found again by a hash of what they are: it lives no longer than this transaction, and is far cheaper than the words.
--
-- It is filled a slice at a time: windows hold all that they look at, and conversations have nothing to do with each other.
create or replace temp table message_position (
    spot          ubigint   not null,
    position      bigint    not null,
    before_at     timestamp,
    sent_before   hugeint,
    active_before timestamp,
    cache_signal  varchar,
    kind          varchar,
    asked_at      timestamp
);

insert into message_position
with
signal as (  -- clients before 2.1.42 wrote every cache for five minutes, which says nothing
    select
        version,
        list_transform(string_split(version, '.'), lambda part: coalesce(try_cast(part as integer), 0)) >= [2, 1, 42] as tells
    from involved
    where version is not null
    group by all
),

seen as (
    select
        hash(i.source, i.conversation_id, i.agent_id, i.event_id) as spot,
        any_value(hash(i.source, i.conversation_id)) as conversation,
        any_value(hash(i.agent_id)) as agent,
        any_value(
            case when starts_with(i.source, 'claude_code') and i.agent_id is null then hash(i.conversation_id) end
        ) as main_conversation,
        min(i.occurred_at) as seen_at,
        coalesce(max(i.input_tokens), 0) + coalesce(max(i.cache_read_tokens), 0)
        + coalesce(max(i.cache_write_5m_tokens), 0) + coalesce(max(i.cache_write_1h_tokens), 0) as prompt_tokens,
        coalesce(max(i.output_tokens), 0) as output_tokens,
        min(  -- one hour goes before five minutes
            case
                when i.agent_id is not null or not starts_with(i.source, 'claude_code') then null
                when i.cache_write_1h_tokens > 0 then 1
                when i.cache_write_5m_tokens > 0 and s.tells then 2
            end
        ) as cache_signal
    from involved as i
    left join signal as s on i.version = s.version
    where hash(i.source, i.conversation_id) % $slices::ubigint = $slice::ubigint
    group by spot
),

placed as (
    select
        spot,
        main_conversation,
        seen_at,
        row_number() over thread as position,
        lag(seen_at) over thread as before_at,
        lag(prompt_tokens + output_tokens) over thread as sent_before,
        lag(seen_at) over conversation as active_before,
        last_value(cache_signal ignore nulls) over conversation as cache_signal
    from seen
    window
        thread as (partition by conversation, agent order by seen_at, spot),
        conversation as (partition by conversation order by seen_at, spot)
)

select
    p.spot,
    p.position,
    p.before_at,
    p.sent_before,
    p.active_before,
    case p.cache_signal when 1 then '1h' when 2 then '5m' end as cache_signal,
    a.kind,
    a.occurred_at as asked_at
from placed as p
asof left join asked as a on p.main_conversation = hash(a.conversation_id) and p.seen_at >= a.occurred_at
