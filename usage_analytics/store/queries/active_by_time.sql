-- One row per period of the grain: time worked in conversations, and what they cost; `period` is the person's own clock.
select
    period,
    sum(active_ms) / 1000 as active_seconds,
    sum(active_nanos)::bigint as cost_nanos
from rollup_half_hour
inner join calendar($start, $end, $grain, $zone, week_shift := $week_shift) using (half_hour)
where half_hour >= $start and half_hour < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
    and (len($apps) = 0 or list_contains($apps, app))
    and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
    and active_ms > 0
group by period
order by period
