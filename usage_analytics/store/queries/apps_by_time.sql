-- One row per period of the grain and app, project, account or run class, as `$by` says; `period` is the person's own clock.
with
by_hour as (
    select
        hour,
        case $by when 'app' then app when 'project' then project when 'account' then account when 'run' then run end as value,
        sum(calls) as calls,
        sum(cost_nanos) as cost_nanos,
        sum(cost_nanos) filter (run is not null) as known_run_nanos,
        sum(cost_nanos) filter (run in ('headless', 'scheduled', 'ci')) as unattended_nanos
    from rollup_hour
    where hour >= $start and hour < $end
        and (len($models) = 0 or list_contains($models, coalesce(model, '')))
        and (len($apps) = 0 or list_contains($apps, app))
        and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
        and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
    group by hour, value
)

select
    date_trunc($grain, timezone($zone, timezone('UTC', hour))) as period,
    value,
    sum(calls)::bigint as calls,
    sum(cost_nanos)::bigint as cost_nanos,
    sum(known_run_nanos)::bigint as known_run_nanos,
    sum(unattended_nanos)::bigint as unattended_nanos
from by_hour
group by all
order by period, value
