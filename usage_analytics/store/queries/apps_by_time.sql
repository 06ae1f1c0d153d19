-- One row per period of the grain and app, project, account or run class, as `$by` says; `period` is the person's own clock.
with
period_of as (  -- the time zone is asked once an hour, not once a row
    select
        hour,
        date_trunc($grain, timezone($zone, timezone('UTC', hour))) as period
    from (select distinct hour from rollup_hour where hour >= $start and hour < $end) as hours (hour)
)

select
    p.period,
    case $by when 'app' then r.app when 'project' then r.project when 'account' then r.account when 'run' then r.run end as value,
    sum(r.calls)::bigint as calls,
    sum(r.cost_nanos)::bigint as cost_nanos,
    sum(r.cost_nanos) filter (r.run is not null)::bigint as known_run_nanos,
    sum(r.cost_nanos) filter (r.run in ('headless', 'scheduled', 'ci'))::bigint as unattended_nanos
from rollup_hour as r
inner join period_of as p using (hour)
where r.hour >= $start and r.hour < $end
    and (len($models) = 0 or list_contains($models, coalesce(r.model, '')))
    and (len($apps) = 0 or list_contains($apps, r.app))
    and (len($projects) = 0 or list_contains($projects, coalesce(r.project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(r.account, '')))
group by all
order by period, value
