-- One row per group of calls, day and model on days with reports: what may be the same traffic as a key of a bill.
--
-- Calls that the plan or its credits pay for are a group of their own, since they are on no key. Coarse items (telemetry of a session
-- without its calls, daily figures of a client) count where nothing finer is about the same session, or day where they name none.
create or replace temp table claim_coarse as
with
itemized as (
    select distinct c.conversation_id
    from call as c
    semi join (
        select conversation_id from claim_whole where not reports and conversation_id is not null
    ) using (conversation_id)
    where c.grain = 'call'
),

busy as (
    select distinct c.day
    from call as c
    inner join claim_source as s using (source)
    where c.grain = 'call' and s.bill = 'claude_code' and c.day in (select day from claim_whole where not reports)
),

summed as (
    select
        source,
        conversation_id,
        sum(
            coalesce(input_tokens, 0) + coalesce(cache_read_tokens, 0) + coalesce(cache_write_5m_tokens, 0)
            + coalesce(cache_write_1h_tokens, 0) + coalesce(output_tokens, 0)
        ) as tokens
    from claim_whole
    where not reports and conversation_id is not null
    group by all
),

sdk_session as (
    select conversation_id, day, min(occurred_at) as began, sum(estimated_cost_nanos) as nanos
    from call
    where grain = 'call' and app = 'Agent SDK (TypeScript)' and day in (select day from claim_whole where bill = 'fazm')
    group by all
),

led_by_fazm as (  -- a run of Fazm whose session is known by its own transcript: it begins with the run and costs the same, within a tenth
    select distinct b.source, b.event_id
    from claim_whole as b
    inner join sdk_session as s
        on b.day = s.day
        and s.began between b.occurred_at and b.occurred_at + interval 2 minute
        and abs(s.nanos - b.cost_nanos) * 10 <= b.cost_nanos
    where b.bill = 'fazm' and b.cost_nanos > 0
),

best as (  -- where two sources sum up one session, the one that comes to more tokens
    select conversation_id, arg_max(source, row(tokens, source)) as source from summed group by all
)

select b.* exclude (reports, whose, key, of_claude_code, is_broad)
from claim_whole as b
left join best on b.conversation_id = best.conversation_id
left join led_by_fazm as f on b.source = f.source and b.event_id = f.event_id
where
    not b.reports
    and (
        (
            b.bill <> 'claude_code'
            and (b.conversation_id is null or b.conversation_id not in (select conversation_id from itemized))
            and f.source is null
        )
        or (b.conversation_id is null and b.day not in (select day from busy))
        or (b.source = best.source and b.conversation_id not in (select conversation_id from itemized))
    );

create or replace temp table claim_item as
with
-- the words are put together once a group, not once a call
counted as (
    select
        source,
        account,
        app,
        day,
        model,
        paid_from_stated,
        cache_signal,
        sum(cost_nanos) as nanos,
        sum(estimated_cost_nanos) as estimated_nanos,
        sum(input_tokens) as input_tokens,
        sum(cache_read_tokens) as cache_read_tokens,
        sum(cache_write_5m_tokens) as cache_write_5m_tokens,
        sum(cache_write_1h_tokens) as cache_write_1h_tokens,
        sum(output_tokens) as output_tokens
    from (
        select
            source, account, app, day, model, paid_from_stated, cache_signal, cost_nanos, estimated_cost_nanos, input_tokens,
            cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens
        from call
        where grain = 'call' and day in (select day from claim_stated)
        union all
        select
            source, account, app, day, model, paid_from_stated, cache_signal, cost_nanos, estimated_cost_nanos, input_tokens,
            cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens
        from claim_coarse
    )
    group by all
),

judged as (
    select
        c.*,
        s.bill as of_bill,
        o.position,
        coalesce(c.paid_from_stated in ('plan', 'credits'), c.cache_signal = '1h', false) as by_plan
    from counted as c
    inner join claim_source as s using (source)
    left join claim_order as o using (class)
    where s.bill in ('claude_code', 'any') or s.bill in (select bill from claim_stated)
)

select
    concat_ws(
        ' ',
        case when of_bill = 'claude_code' then 'claude_code' else concat_ws(' ', source, app) end,
        coalesce(account, '-'),
        case when by_plan then 'plan' end
    ) as items,
    by_plan,
    of_bill = 'claude_code' as of_claude_code,
    case when of_bill in ('claude_code', 'any') then 'anthropic' else of_bill end as bill,
    account,
    app,
    day,
    model,
    sum(nanos)::bigint as nanos,
    sum(estimated_nanos)::bigint as estimated_nanos,
    sum(input_tokens)::bigint as input_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens,
    sum(cache_write_5m_tokens)::bigint as cache_write_5m_tokens,
    sum(cache_write_1h_tokens)::bigint as cache_write_1h_tokens,
    sum(output_tokens)::bigint as output_tokens,
    min(position) as position
from judged
group by all
