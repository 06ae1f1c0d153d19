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

alone as (  -- most calls are observed once, and need no grouping
    select
        hash(i.source, i.conversation_id, i.agent_id, i.event_id) as spot,
        hash(i.source, i.conversation_id) as conversation,
        i.agent_id,
        i.event_id,
        case when starts_with(i.source, 'claude_code') and i.agent_id is null then hash(i.conversation_id) end as main_conversation,
        i.occurred_at as seen_at,
        coalesce(i.input_tokens, 0) + coalesce(i.cache_read_tokens, 0)
        + coalesce(i.cache_write_5m_tokens, 0) + coalesce(i.cache_write_1h_tokens, 0) as prompt_tokens,
        coalesce(i.output_tokens, 0) as output_tokens,
        case
            when i.agent_id is not null or not starts_with(i.source, 'claude_code') then null
            when i.cache_write_1h_tokens > 0 then 1
            when i.cache_write_5m_tokens > 0 and s.tells then 2
        end as cache_signal
    from involved as i
    left join signal as s on i.version = s.version
    anti join seen_again as g on i.source = g.source and i.event_id = g.event_id
    where hash(i.source, i.conversation_id) % $slices::ubigint = $slice::ubigint
),

together as (
    select
        hash(i.source, i.conversation_id, i.agent_id, i.event_id) as spot,
        any_value(hash(i.source, i.conversation_id)) as conversation,
        any_value(i.agent_id) as agent_id,
        any_value(i.event_id) as event_id,
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
    semi join seen_again as g on i.source = g.source and i.event_id = g.event_id
    where hash(i.source, i.conversation_id) % $slices::ubigint = $slice::ubigint
    group by spot
),

seen as (
    select * from alone
    union all
    select * from together
),

with_agents as (
    select distinct conversation from seen where agent_id is not null
),

placed as (
    select  -- where there is one thread, its order is that of the conversation
        spot,
        row_number() over conversation as position,
        lag(seen_at) over conversation as before_at,
        lag(prompt_tokens + output_tokens) over conversation as sent_before,
        lag(seen_at) over conversation as active_before,
        last_value(cache_signal ignore nulls) over conversation as cache_signal
    from seen
    anti join with_agents using (conversation)
    window conversation as (partition by conversation order by seen_at, event_id)
    union all
    select
        spot,
        row_number() over thread as position,
        lag(seen_at) over thread as before_at,
        lag(prompt_tokens + output_tokens) over thread as sent_before,
        lag(seen_at) over conversation as active_before,
        last_value(cache_signal ignore nulls) over conversation as cache_signal
    from seen
    semi join with_agents using (conversation)
    window
        thread as (partition by conversation, agent_id order by seen_at, event_id),
        conversation as (partition by conversation order by seen_at, event_id, agent_id)
),

moment as (  -- of the main threads: when prompts were sent, and when calls were made
    select
        main_conversation as conversation,
        seen_at as at_moment,
        spot,
        null::varchar as kind,
        null::timestamp as asked_at
    from seen
    where main_conversation is not null
    union all
    select hash(conversation_id) as conversation, occurred_at as at_moment, null as spot, kind, occurred_at as asked_at from asked
),

led as (
    select
        spot,
        last_value(kind ignore nulls) over until_then as kind,
        last_value(asked_at ignore nulls) over until_then as asked_at
    from moment
    window until_then as (partition by conversation order by at_moment)  -- a prompt of the same moment came first
)

select
    p.spot,
    p.position,
    p.before_at,
    p.sent_before,
    p.active_before,
    case p.cache_signal when 1 then '1h' when 2 then '5m' end as cache_signal,
    l.kind,
    l.asked_at
from placed as p
left join led as l on p.spot = l.spot
