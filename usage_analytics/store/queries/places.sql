-- One row per file that was read in place: how far it was read without a gap, since it was last read from its beginning.
with
segment as (
    select
        *,
        max(import_id) filter (start_offset = 0) over (partition by path) as begun
    from import
    where path is not null
),

reached as (
    select
        *,
        max(end_offset) over before as reached_offset,
        lead(start_offset) over before as next_start
    from segment
    where import_id >= begun
    window before as (partition by path order by start_offset, end_offset)
)

select
    path,
    arg_max(inode, import_id) as inode,
    arg_max(size, import_id) as size,
    arg_max(modified_ns, import_id) as modified_ns,
    0 as start_offset,
    min(reached_offset) filter (next_start is null or next_start > reached_offset) as end_offset,
    arg_min(mark, import_id) as mark
from reached
group by all
