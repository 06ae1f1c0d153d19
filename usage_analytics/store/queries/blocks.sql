-- One row per refusal for want of allowance or credits: when its account next got an answer, from the same app or in the same conversation.
-- Claude Code's apps share one account's windows, so that any of them may be the one that goes on. Null: nothing has since, within ten days.
with
refused as (
    select distinct
        occurred_at,
        source,
        app,
        account,
        conversation_id,
        gauge,
        resets_at,
        reason
    from limit_seen
    where occurred_at >= $start and occurred_at < $end
        and gauge <> 'credits_started'
        and (len($apps) = 0 or list_contains($apps, coalesce(app, '')))
        and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
),

active_days as (
    select distinct day
    from rollup_value
    where dimension = 'app' and day >= date_trunc('day', $start) and day < $end
),

-- the day of a refusal and the next three on which anything was done: more are never looked at
looked_at as (
    select distinct days.day
    from (select distinct occurred_at::date as day from refused) as refusals (day)
    inner join active_days as days
        on days.day >= refusals.day and days.day <= refusals.day + interval 10 day
    qualify row_number() over (partition by refusals.day order by days.day) <= 4
),

answered as (
    select
        occurred_at,
        coalesce(account, '') as account,
        case when source = 'claude_code' then 'Claude Code' else app end as place
    from call
    where grain = 'call'
        and error is null
        and day in (select day from looked_at)
        and occurred_at < $end
),

placed as (
    select
        *,
        coalesce(account, '') as of_account,
        case when source = 'claude_code' then 'Claude Code' else app end as place
    from refused
)

select
    r.occurred_at,
    r.app,
    r.account,
    r.gauge,
    r.resets_at,
    r.reason,
    a.occurred_at as went_on_at
from placed as r
asof left join answered as a
    on r.of_account = a.account and r.place = a.place and r.occurred_at < a.occurred_at
order by r.occurred_at
