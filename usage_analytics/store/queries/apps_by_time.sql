-- One row per period of the grain and app, project, account or run class, as `$by` says; `period` is the person's own clock.
select
    period,
    case $by when 'app' then app when 'project' then project when 'account' then account when 'run' then run end as value,
    sum(calls)::bigint as calls,
    sum(cost_nanos)::bigint as cost_nanos,
    sum(cost_nanos) filter (run is not null)::bigint as known_run_nanos,
    sum(cost_nanos) filter (run in ('headless', 'scheduled', 'ci'))::bigint as unattended_nanos
from rollup_half_hour
inner join calendar($start, $end, $grain, $zone, week_shift := $week_shift) using (half_hour)
where half_hour >= $start and half_hour < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
    and (len($apps) = 0 or list_contains($apps, app))
    and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
group by period, value
order by period, value
