-- One row per row of `given`, with the folder that it belongs to and the time that it is sorted by, for each kind in turn: observation,
-- prompt, limit_seen, session_total, balance_seen, range_total. A kind that does not name its source has that of its import.
create or replace temp table placed as
select *, source as in_source, coalesce(strftime(occurred_at, '%Y-%m'), 'unknown') as in_month, occurred_at as in_time
from given;

create or replace temp table placed as
select *, format as in_source, coalesce(strftime(occurred_at, '%Y-%m'), 'unknown') as in_month, occurred_at as in_time
from given;

create or replace temp table placed as
select *, source as in_source, coalesce(strftime(occurred_at, '%Y-%m'), 'unknown') as in_month, occurred_at as in_time
from given;

create or replace temp table placed as
select *, format as in_source, coalesce(strftime(started_at, '%Y-%m'), 'unknown') as in_month, started_at as in_time
from given;

create or replace temp table placed as
select *, format as in_source, coalesce(strftime(seen_at, '%Y-%m'), 'unknown') as in_month, seen_at as in_time
from given;;

create or replace temp table placed as
select *, source as in_source, coalesce(strftime(starts_at, '%Y-%m'), 'unknown') as in_month, starts_at as in_time
from given
