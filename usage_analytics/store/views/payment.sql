-- One row per call, or per bucket where the source says no more: the columns of `call`, which `pool` paid (credits, plan, api; null is
-- unknown), and the `reason` why we think so. This is the only definition of who paid; nothing at or after `as_of` is used for it.
--
-- The source's own word comes first: stated for the call, or a notice that work went on from credits. Then the person's setting for the app
-- and account (`own`: structs of app, account and pool; no account is every one). Then what follows from the call: fast mode is always paid
-- from credits, caches live an hour while the plan pays, and five minutes on credits.
create or replace macro payment(own, as_of) as table
with
own_pool as (
    select
        unnest.app as app,
        unnest.account as account,
        unnest.pool as pool
    from unnest(own::struct(app varchar, account varchar, pool varchar)[])
),

known as (
    select coalesce(bool_or(cache_signal = '1h'), false) as hour_seen
    from call
    where occurred_at < as_of
),

-- from the notice until the plan's window begins anew, which is never later than its five hours
moved as (
    select
        conversation_id,
        occurred_at as moved_at,
        coalesce(resets_at, occurred_at + interval 5 hour) as until
    from limit_seen
    where gauge = 'credits_started' and conversation_id is not null and occurred_at < as_of
),

noticed as (
    select distinct
        k.source,
        k.event_id,
        k.part,
        'credits' as pool
    from call as k
    inner join moved as m on k.conversation_id = m.conversation_id and k.occurred_at >= m.moved_at and k.occurred_at < m.until
)

select
    c.*,
    coalesce(
        c.paid_from_stated,
        n.pool,
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
        when n.pool is not null then 'notice'
        when this.pool is not null or every.pool is not null then 'own_setting'
        when c.speed = 'fast' then 'fast_mode'
        when c.cache_signal = '1h' then 'cache_1h'
        when c.cache_signal = '5m' and (select hour_seen from known) then 'cache_5m'
        else 'unknown'
    end as reason
from call as c
left join own_pool as this on this.app = c.app and this.account = c.account
left join own_pool as every on every.app = c.app and every.account is null
left join noticed as n on n.source = c.source and n.event_id = c.event_id and n.part = c.part
