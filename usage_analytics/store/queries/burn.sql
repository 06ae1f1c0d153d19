-- One row per attendance and length of conversation: `length` is short (up to $short_to calls), middle, or long (from $long_from).
-- A conversation is attended where any part of it is interactive, or does not say. Days are those of UTC.
-- A conversation of a single moment has no active time, and is left out: it has no rate.
select
    attended,
    case when longest >= $long_from then 'long' when longest > $short_to then 'middle' else 'short' end as length,
    count(*)::bigint as conversations,
    sum(active_ms) / 1000 as active_seconds,
    sum(cost_nanos)::bigint as cost_nanos
from conversation_within($start, $end, $models, $apps, $projects, $accounts)
where is_one and active_ms > 0 and cost_nanos is not null
group by all
order by attended, length
