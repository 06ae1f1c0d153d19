-- One row per bucket that counts: exports overlap, and the same money is never added twice.
--
-- A day may be exported by day, by hour and by minute: the finer buckets count where they come to no less than the coarser one, which
-- covers more where they do not. A billed amount goes before tokens at list price. And what the Console lists under a key of Claude Code
-- is left to the transcripts on days on which they come to the same amount, within a tenth: they say more about the same calls.
create or replace temp table bucket_sum as
select
    source,
    app,
    project,
    account,
    model,
    speed,
    geo,
    batch,
    grain,
    case grain when 'minute' then 0 when 'hour' then 1 else 2 end as coarseness,
    date_trunc('day', occurred_at) as day,
    coalesce(
        sum(coalesce(input_tokens, 0) + coalesce(cache_read_tokens, 0) + coalesce(cache_write_5m_tokens, 0)
            + coalesce(cache_write_1h_tokens, 0) + coalesce(output_tokens, 0)),
        0
    ) as tokens,
    coalesce(sum(reported_cost_nanos), 0) as nanos
from call
where grain <> 'call'
group by all;

create or replace temp table bucket_kept as
select source, app, project, account, model, speed, geo, batch, day, arg_max(grain, (tokens, nanos, -coarseness)) as grain
from bucket_sum
group by all;

delete from call
using bucket_kept as kept
where
    call.grain <> 'call'
    and call.grain <> kept.grain
    and call.source = kept.source
    and call.app = kept.app
    and date_trunc('day', call.occurred_at) = kept.day
    and (call.project, call.account, call.model, call.speed, call.geo, call.batch)
    is not distinct from (kept.project, kept.account, kept.model, kept.speed, kept.geo, kept.batch);

update call
set counted_elsewhere = true, cost_nanos = 0, estimated_cost_nanos = 0
where
    source = 'console_tokens'
    and exists (
        from call as billed
        where
            billed.source = 'console_cost'
            and billed.app = call.app
            and billed.project is not distinct from call.project
            and billed.model is not distinct from call.model
            and date_trunc('day', billed.occurred_at) = date_trunc('day', call.occurred_at)
    );

delete from call
using (
    with
    listed as (
        select app, date_trunc('day', occurred_at) as day, sum(cost_nanos) as nanos
        from call
        where grain <> 'call' and (starts_with(app, 'claude_code_key_') or project = 'Claude Code')
        group by all
    ),

    logged as (
        select date_trunc('day', occurred_at) as day, sum(estimated_cost_nanos) as nanos
        from call
        where source = 'claude_code'
        group by all
    )

    select listed.app, listed.day
    from listed
    inner join logged using (day)
    where listed.nanos > 0 and abs(listed.nanos - logged.nanos) <= listed.nanos * 0.1
) as same
where call.grain <> 'call' and call.app = same.app and date_trunc('day', call.occurred_at) = same.day
