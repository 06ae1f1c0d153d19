-- One row per hour (UTC) in which a person was at work: there was a prompt of theirs, or a call that no schedule made, or the list of
-- prompts says that they typed something.
select distinct date_trunc('hour', half_hour) as hour
from rollup_half_hour
where half_hour >= $start and half_hour < $end
    and (human_prompts > 0 or run is null or run = 'interactive')
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
union
select distinct date_trunc('hour', occurred_at) as hour
from prompt
where kind = 'present' and occurred_at >= $start and occurred_at < $end
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
order by hour
