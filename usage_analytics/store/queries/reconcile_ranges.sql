-- One row per source and range of dates that it states a total of: what it states, and what is counted of the same dates.
with
stated as (  -- the same statement in two files is one
    select source, total_id, starts_at, ends_at, reported_cost_kind as kind, max(reported_cost_nanos) as nanos
    from range_total
    where reported_cost_nanos is not null
    group by all
),

ranged as (
    select source, starts_at, ends_at, kind, count(*) as totals, sum(nanos)::bigint as stated_nanos
    from stated
    where starts_at < $end and ends_at > $start
    group by all
)

select
    r.source,
    r.starts_at,
    r.ends_at,
    r.kind,
    r.totals,
    r.stated_nanos,
    (
        select sum(h.cost_nanos)::bigint
        from rollup_half_hour as h
        where h.half_hour >= r.starts_at and h.half_hour < r.ends_at
            and not bills_apart(h.source)
    ) as counted_nanos
from ranged as r
order by r.starts_at, r.ends_at, r.source, r.kind
