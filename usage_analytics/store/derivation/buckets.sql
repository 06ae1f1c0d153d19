-- One row per bucket that counts: exports overlap, and the same money is never added twice.
--
-- A day may be exported by day, by hour and by minute: the finer buckets count where they come to no less than the coarser one, which
-- covers more where they do not. And a billed amount goes before tokens at list price.
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
    )
