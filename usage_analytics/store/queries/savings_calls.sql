-- One row per call with a price, in no order: its tokens, the card of its rates, what it cost without searches, and where it belongs.
-- `unit` is its conversation, or its app and day where it has none; `thread` the conversation or one subagent of it, or the call alone.
-- Names are hashes: they are compared and never shown.
select
    case when e.conversation_id is null then hash(e.app, e.account, e.project, e.day) else hash(e.conversation_id) end as unit,
    case when e.conversation_id is null then hash(e.source, e.event_id, e.part) else hash(e.conversation_id, e.agent_id) end as thread,
    hash(e.app) as app_hash,
    epoch_ms(e.occurred_at) as occurred_ms,
    hash(e.event_id, e.part) as tie,  -- orders calls of the same moment
    e.conversation_id is not null as is_conversation,
    e.conversation_id is not null and e.agent_id is null as is_main,
    case when e.human_prompt then 1 when e.human_prompt is null then -1 else 0 end::tinyint as prompted,
    e.pool is not distinct from 'plan' as by_plan,
    e.pool is not distinct from 'credits' as by_credits,
    e.pool is not distinct from 'api' as by_api,
    e.pool is not distinct from 'api' and c.surcharges and e.batch is not true and e.run in ('scheduled', 'ci')
    and e.conversation_id is null as may_batch,
    c.card::integer as card,
    (e.cost_nanos - coalesce(e.web_searches, 0) * c.web_search_nanos)::double as cost_nanos,
    coalesce(e.input_tokens, 0)::double as input_tokens,
    coalesce(e.cache_read_tokens, 0)::double as cache_read_tokens,
    coalesce(e.cache_write_5m_tokens, 0)::double as cache_write_5m_tokens,
    coalesce(e.cache_write_1h_tokens, 0)::double as cache_write_1h_tokens,
    coalesce(e.output_tokens, 0)::double as output_tokens
from payment($own_pools, $end) as e
inner join price_card as c
    on e.model = c.model and e.occurred_at >= c.effective_from and e.occurred_at < c.effective_to
where e.occurred_at >= $start and e.occurred_at < $end
    and (len($models) = 0 or list_contains($models, coalesce(e.model, '')))
    and (len($apps) = 0 or list_contains($apps, e.app))
    and (len($projects) = 0 or list_contains($projects, coalesce(e.project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(e.account, '')))
    and e.grain = 'call'
    and e.cost_nanos is not null
    and not e.counted_elsewhere
    and coalesce(e.speed, 'standard') = 'standard'
