-- One row per refusal for want of allowance or credits: when its account next got an answer, from the same app.
-- Claude Code's apps share one account's windows, so that any of them may be the one that goes on. Null: nothing has since, within ten days.
with
refused as (
    select distinct
        occurred_at,
        app,
        account,
        gauge,
        resets_at,
        reason,
        coalesce(account, '') as payer,
        case when starts_with(source, 'claude_code') then 'Claude Code' else app end as client
    from limit_seen
    where occurred_at >= $start and occurred_at < $end
        and gauge <> 'credits_started'
        and (len($apps) = 0 or list_contains($apps, coalesce(app, '')))
        and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
),

busy as (
    select distinct
        date_trunc('hour', h.half_hour) as hour,
        r.payer,
        r.client
    from rollup_half_hour as h
    inner join (select distinct payer, client from refused) as r
        on coalesce(h.account, '') = r.payer and case when starts_with(h.source, 'claude_code') then 'Claude Code' else h.app end = r.client
    where h.half_hour >= date_trunc('hour', $start) and h.half_hour < $end
),

-- the hour of a refusal and the next few in which anything was done: the calls of no other hour are looked at
looked_at as (
    select distinct
        hour,
        payer,
        client
    from (
        select
            b.hour,
            b.payer,
            b.client
        from (select distinct date_trunc('hour', occurred_at) as begun, payer, client from refused) as r
        inner join busy as b
            on b.payer = r.payer and b.client = r.client and b.hour >= r.begun and b.hour <= r.begun + interval 10 day
        qualify row_number() over (partition by r.begun, r.payer, r.client order by b.hour) <= 6
    ) as near
),

answered as (
    select
        c.occurred_at,
        hash(l.payer, l.client) as pair  -- a number is sorted by in less time than two words
    from call as c
    inner join looked_at as l
        on date_trunc('hour', c.occurred_at) = l.hour
        and coalesce(c.account, '') = l.payer
        and case when starts_with(c.source, 'claude_code') then 'Claude Code' else c.app end = l.client
    where c.grain = 'call'
        and c.error is null
        and c.day in (select hour::date from looked_at)
        and c.occurred_at < $end
)

select
    r.occurred_at,
    r.app,
    r.account,
    r.gauge,
    r.resets_at,
    r.reason,
    a.occurred_at as went_on_at
from refused as r
asof left join answered as a
    on hash(r.payer, r.client) = a.pair and r.occurred_at < a.occurred_at
order by r.occurred_at
