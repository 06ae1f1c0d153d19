-- One row per app, project, account or run class, as `$by` says.
select
    case $by when 'app' then app when 'project' then project when 'account' then account when 'run' then run end as value,
    nullif(sum(calls), 0)::bigint as calls,  -- a bucket does not say how many it holds
    sum(unpriced_calls)::bigint as unpriced_calls,
    sum(cost_nanos)::bigint as cost_nanos,
    sum(cost_nanos) filter (run is not null)::bigint as known_run_nanos,
    sum(cost_nanos) filter (run in ('headless', 'scheduled', 'ci'))::bigint as unattended_nanos,
    sum(guessed_nanos)::bigint as guessed_nanos
from rollup_half_hour
where half_hour >= $start and half_hour < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
    and (len($apps) = 0 or list_contains($apps, app))
    and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
group by value
order by cost_nanos desc nulls last, value
