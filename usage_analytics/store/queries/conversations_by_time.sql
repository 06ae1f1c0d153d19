-- One row per period of the grain: what conversations cost, what of it sent history again, and what long outputs cost.
select
    period,
    sum(told_nanos)::bigint as told_nanos,
    sum(resend_nanos)::bigint as resend_nanos,
    sum(long_output_nanos)::bigint as long_output_nanos
from rollup_half_hour
inner join calendar($start, $end, $grain, $zone, week_shift := $week_shift) using (half_hour)
where half_hour >= $start and half_hour < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
    and (len($apps) = 0 or list_contains($apps, app))
    and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
group by period
order by period
