-- One row per call and thread of a conversation: its place there, and what came before it.
create or replace temp table place as
with
signal as (  -- clients before 2.1.42 wrote every cache for five minutes, which says nothing
    select distinct
        version,
        list_transform(string_split(version, '.'), lambda part: coalesce(try_cast(part as integer), 0)) >= [2, 1, 42] as tells
    from involved
),

seen as (
    select
        i.source,
        i.conversation_id,
        i.agent_id,
        i.event_id,
        min(i.occurred_at) as seen_at,
        max(
            coalesce(i.input_tokens, 0) + coalesce(i.cache_read_tokens, 0)
            + coalesce(i.cache_write_5m_tokens, 0) + coalesce(i.cache_write_1h_tokens, 0)
        ) as prompt_tokens,
        max(coalesce(i.output_tokens, 0)) as output_tokens,
        max(
            case
                when i.agent_id is not null or i.source <> 'claude_code' or not s.tells then null
                when i.cache_write_1h_tokens > 0 then '1h'
                when i.cache_write_5m_tokens > 0 then '5m'
            end
        ) as cache_signal
    from involved as i
    left join signal as s on i.version = s.version
    group by all
)

select
    source,
    conversation_id,
    agent_id,
    event_id,
    row_number() over thread as place,
    lag(seen_at) over thread as before_at,
    lag(prompt_tokens + output_tokens) over thread as sent_before,
    lag(seen_at) over conversation as active_before,
    last_value(cache_signal ignore nulls) over conversation as cache_signal
from seen
window
    thread as (partition by source, conversation_id, agent_id order by seen_at, event_id),
    conversation as (partition by source, conversation_id order by seen_at, event_id)
