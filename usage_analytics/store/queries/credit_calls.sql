-- One row per call, or per bucket where the source says no more, up to the end of the span: who pays (`pool`: credits, plan, api; null is unknown).
-- The source's own word comes first, then the person's setting for the app and account ($own_pools), then what follows from the call.
-- A call that cost nothing, has no price or is counted elsewhere is left out.
with
own as (
    select
        unnest.app as app,
        unnest.account as account,
        unnest.pool as pool
    from unnest($own_pools::struct(app varchar, account varchar, pool varchar)[])
),

known as (
    select coalesce(bool_or(cache_signal = '1h'), false) as hour_seen
    from call
    where occurred_at < $end
),

priced as (
    select
        c.occurred_at,
        c.account,
        c.app,
        c.cost_nanos as nanos,
        c.grain,
        coalesce(
            c.paid_from_stated,
            this.pool,
            every.pool,
            case
                when c.speed = 'fast' then 'credits'
                when c.cache_signal = '1h' then 'plan'
                when c.cache_signal = '5m' and (select hour_seen from known) then 'credits'
            end
        ) as pool
    from call as c
    left join own as this on this.app = c.app and this.account = c.account
    left join own as every on every.app = c.app and every.account is null
    where c.occurred_at >= $start and c.occurred_at < $end
        and (len($models) = 0 or list_contains($models, coalesce(c.model, '')))
        and (len($apps) = 0 or list_contains($apps, c.app))
        and (len($projects) = 0 or list_contains($projects, coalesce(c.project, '')))
        and (len($accounts) = 0 or list_contains($accounts, coalesce(c.account, '')))
        and c.cost_nanos > 0
        and not c.counted_elsewhere
)

select
    occurred_at,
    account,
    nanos,
    grain
from priced
where pool = 'credits'
order by occurred_at, nanos
