-- One row per half hour (UTC) of the span's days: the period of the grain that it lies in, on the clock of the zone. Asking the zone is slow.
-- A week begins `week_shift` days before its Monday, which is for the grain of weeks alone.
create or replace macro calendar(span_start, span_end, grain, zone, week_shift := 0) as table
select
    half_hour,
    date_trunc(grain, timezone(zone, timezone('UTC', half_hour)) + to_days(week_shift::integer)) - to_days(week_shift::integer) as period
from (
    select days.day + to_minutes(30 * halves.half) as half_hour
    from (select distinct day from rollup_value where day >= date_trunc('day', span_start) and day < span_end) as days (day),
        range(48) as halves (half)
) as clock (half_hour)
