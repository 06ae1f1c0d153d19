-- One row per period of the grain: what conversations cost, what of it sent history again, and what long outputs cost. Days are those of UTC.
select
    date_trunc(case $grain when 'hour' then 'day' else $grain end, day) as period,
    sum(cost_nanos) filter (conversation_id is not null and prompt_tokens > 0)::bigint as told_nanos,
    sum(resend_nanos)::bigint as resend_nanos,
    sum(long_output_nanos)::bigint as long_output_nanos
from rollup_conversation
where day >= date_trunc('day', $start) and day < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
    and (len($apps) = 0 or list_contains($apps, app))
    and (len($projects) = 0 or list_contains($projects, coalesce(project, '')))
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
group by all
order by period
