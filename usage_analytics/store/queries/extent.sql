-- One row: the first and last moment of the whole database, and how many rows it holds.
select
    min(first_at) as first_at,
    max(last_at)  as last_at,
    coalesce(sum(rows), 0)::bigint as rows
from rollup_value
where dimension = 'app'
