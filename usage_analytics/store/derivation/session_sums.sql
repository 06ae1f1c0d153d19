-- One row less per sum of a session whose calls are known one by one: telemetry's metrics and a run's own total say the same again.
--
-- Sums that don't name their session count only on days without any call of the same client. Where two sources sum up one session, the one
-- that comes to more tokens counts.
delete from call
using (
    with
    itemized as (
        select distinct conversation_id from call where grain = 'call' and conversation_id is not null
    ),

    busy as (
        select distinct day from call where grain = 'call' and starts_with(source, 'claude_code')
    ),

    summed as (
        select
            source,
            conversation_id,
            sum(
                coalesce(input_tokens, 0) + coalesce(cache_read_tokens, 0) + coalesce(cache_write_5m_tokens, 0)
                + coalesce(cache_write_1h_tokens, 0) + coalesce(output_tokens, 0)
            ) as tokens
        from call
        where grain <> 'call' and conversation_id is not null
        group by all
    ),

    best as (
        select conversation_id, arg_max(source, (tokens, source)) as source from summed group by all
    )

    select c.source, c.event_id, c.part
    from call as c
    left join best on c.conversation_id = best.conversation_id
    where c.grain <> 'call'
        and starts_with(c.source, 'claude_')
        and (
            c.conversation_id in (select conversation_id from itemized)
            or (c.conversation_id is null and c.day in (select day from busy))
            or c.source <> best.source
        )
) as known
where call.grain <> 'call' and (call.source, call.event_id, call.part) = (known.source, known.event_id, known.part)
