-- One row per conversation, and per app, account, project and day of the calls that belong to none: what it cost, and what other ways cost.
-- `simple` is whether every call is one that the cheaper model of $cheaper would do; `moved_nanos` is what it would have cost there.
with
priced as (
    select
        e.conversation_id,
        e.agent_id,
        e.app,
        e.account,
        e.project,
        e.occurred_at,
        e.model,
        e.run,
        e.batch,
        e.pool as paid_from,
        e.cost_nanos,
        coalesce(e.input_tokens, 0) as input_tokens,
        coalesce(e.cache_read_tokens, 0) as cache_read_tokens,
        coalesce(e.cache_write_5m_tokens, 0) as cache_write_5m_tokens,
        coalesce(e.cache_write_1h_tokens, 0) as cache_write_1h_tokens,
        coalesce(e.output_tokens, 0) as output_tokens,
        own.cache_read_picos,
        own.cache_write_5m_picos,
        own.cache_write_1h_picos,
        own.output_picos,
        own.surcharges,
        input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens as prompt_tokens,
        input_tokens * own.input_picos + cache_read_tokens * own.cache_read_picos + cache_write_5m_tokens * own.cache_write_5m_picos
        + cache_write_1h_tokens * own.cache_write_1h_picos + output_tokens * own.output_picos as own_picos,
        input_tokens * other.input_picos + cache_read_tokens * other.cache_read_picos
        + cache_write_5m_tokens * other.cache_write_5m_picos + cache_write_1h_tokens * other.cache_write_1h_picos
        + output_tokens * other.output_picos as other_picos
    from payment($own_pools, $end) as e
    left join rate as own
        on e.model = own.model and own.tier = 'standard' and e.occurred_at >= own.effective_from and e.occurred_at < own.effective_to
    left join (select unnest($dear) as model, unnest($cheaper) as cheaper) as choice on e.model = choice.model
    left join rate as other
        on choice.cheaper = other.model and other.tier = 'standard' and $end > other.effective_from and $end <= other.effective_to
    where e.occurred_at >= $start and e.occurred_at < $end
        and (len($models) = 0 or list_contains($models, coalesce(e.model, '')))
        and (len($apps) = 0 or list_contains($apps, e.app))
        and (len($projects) = 0 or list_contains($projects, coalesce(e.project, '')))
        and (len($accounts) = 0 or list_contains($accounts, coalesce(e.account, '')))
        and e.grain = 'call'
        and e.cost_nanos is not null
        and not e.counted_elsewhere
        and coalesce(e.speed, 'standard') = 'standard'
),

usual as (
    select model, quantile_cont(output_tokens, 0.9) as long_output from priced group by model
),

followed as (
    select
        p.*,
        u.long_output,
        epoch(p.occurred_at - lag(p.occurred_at) over thread) as gap_seconds,
        lag(p.prompt_tokens + p.output_tokens) over thread as history_tokens
    from priced as p
    inner join usual as u on p.model is not distinct from u.model
    window thread as (partition by p.conversation_id, p.agent_id order by p.occurred_at)
),

judged as (
    select
        *,
        -- what was written again after a break that a cache of an hour outlives, and read where one of five minutes had ended
        if(conversation_id is not null and gap_seconds between 300 and 3600, least(cache_write_5m_tokens, history_tokens), 0)
            as written_again,
        if(conversation_id is not null and gap_seconds between 300 and 3600, cache_read_tokens, 0) as kept_alive
    from followed
)

select
    conversation_id,
    arg_min(app, occurred_at) as app,
    arg_min(account, occurred_at) as account,
    arg_min(project, occurred_at) as project,
    min(occurred_at) as first_at,
    max(occurred_at) as last_at,
    count(*) as calls,
    sum(cost_nanos)::bigint as cost_nanos,
    coalesce(sum(cost_nanos) filter (paid_from = 'plan'), 0)::bigint as plan_nanos,
    bool_and(coalesce(other_picos < own_picos and output_tokens < $simple_output and prompt_tokens < $simple_prompt, false)) as simple,
    coalesce(sum(cost_nanos * (other_picos / nullif(own_picos, 0))), 0)::bigint as moved_nanos,
    count(*) filter (output_tokens >= $long_output) as long_outputs,
    coalesce(sum(greatest(output_tokens - long_output, 0) * output_picos / 1000) filter (output_tokens >= $long_output), 0)::bigint
        as long_nanos,
    -- both may be negative: what an hour costs more, and what five minutes lose; while the plan pays, the lifetime is the plan's
    coalesce(sum((
        cache_write_5m_tokens * cache_write_5m_picos - (cache_write_5m_tokens - written_again) * cache_write_1h_picos
        - written_again * cache_read_picos
    ) / 1000) filter (paid_from is distinct from 'plan'), 0)::bigint as hour_nanos,
    coalesce(sum((
        cache_write_1h_tokens * (cache_write_1h_picos - cache_write_5m_picos)
        - kept_alive * (cache_write_5m_picos - cache_read_picos)
    ) / 1000) filter (paid_from is distinct from 'plan'), 0)::bigint as minutes_nanos,
    coalesce(sum(cost_nanos) filter (
        paid_from = 'api' and run in ('scheduled', 'ci') and batch is not true and surcharges and conversation_id is null
    ), 0)::bigint as batch_nanos
from judged
group by conversation_id, case when conversation_id is null then (app, account, project, occurred_at::date) end
order by cost_nanos desc, first_at, app
