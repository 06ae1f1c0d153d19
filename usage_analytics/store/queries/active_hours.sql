-- One row per hour (UTC) in which a person was at work: there was a prompt of theirs, or a call that no schedule made.
select distinct hour
from rollup_hour
where hour >= $start and hour < $end
    and (human_prompts > 0 or run is null or run = 'interactive')
    and (len($accounts) = 0 or list_contains($accounts, coalesce(account, '')))
order by hour
