-- One row per pool that pays (credits, plan, api; null is unknown), the reason why we think so, app and account.
-- Which pool it is, is said as in credit_pools; here is the reason for it too.
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
)

select
    coalesce(
        c.paid_from_stated,
        this.pool,
        every.pool,
        case
            when c.speed = 'fast' then 'credits'
            when c.cache_signal = '1h' then 'plan'
            when c.cache_signal = '5m' and (select hour_seen from known) then 'credits'
        end
    ) as pool,
    case
        when c.paid_from_stated is not null then 'stated'
        when this.pool is not null or every.pool is not null then 'own_setting'
        when c.speed = 'fast' then 'fast_mode'
        when c.cache_signal = '1h' then 'cache_1h'
        when c.cache_signal = '5m' and (select hour_seen from known) then 'cache_5m'
        else 'unknown'
    end as reason,
    c.app,
    c.account,
    count(*) as calls,
    sum(c.cost_nanos)::bigint as nanos,
    min(c.occurred_at) as first_at,
    max(c.occurred_at) as last_at
from call as c
left join own as this on this.app = c.app and this.account = c.account
left join own as every on every.app = c.app and every.account is null
where c.occurred_at >= $start and c.occurred_at < $end
    and (len($models) = 0 or list_contains($models, coalesce(c.model, '')))
    and (len($apps) = 0 or list_contains($apps, c.app))
    and (len($projects) = 0 or list_contains($projects, coalesce(c.project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(c.account, '')))
    and not c.counted_elsewhere
group by all
order by nanos desc nulls last, pool, app, account
