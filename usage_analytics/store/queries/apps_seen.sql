-- One row per app, project, account, run class or model, as `$by` says: when it was first and last seen, from the beginning to the end of the span.
select
    case $by when 'app' then app when 'project' then project when 'account' then account when 'run' then run
        when 'model' then model end as value,
    min(first_at) as first_at,
    max(last_at) as last_at
from rollup_half_hour
where half_hour < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
    and (len($apps) = 0 or list_contains($apps, app))
    and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
group by value
order by sum(cost_nanos) desc nulls last, value
