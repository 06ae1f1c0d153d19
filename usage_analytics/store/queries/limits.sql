-- One row per moment at which work was refused or moved to credits. Limits belong to an account, not to a model or a project.
select distinct
    occurred_at,
    gauge,
    app,
    account,
    conversation_id,
    resets_at,
    reason
from limit_seen
where occurred_at >= $start and occurred_at < $end
    and (len($apps) = 0 or list_contains($apps, coalesce(app, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
order by occurred_at
