-- One row per file that was read in place: how far it was read without a gap, since it was last read from its beginning.
with
several as (
    select path from import where path is not null group by path having count(*) > 1
),

segment as (
    select
        *,
        max(import_id) filter (start_offset = 0) over (partition by path) as begun
    from import
    where path in (select path from several)
),

following as (
    select
        *,
        max(end_offset) over (
            partition by path order by start_offset, end_offset rows between unbounded preceding and 1 preceding
        ) as reached
    from segment
    where import_id >= begun
),

unbroken as (  -- an undo may leave a gap, and what lies behind it has to be read again
    select *
    from following
    qualify bool_and(start_offset <= coalesce(reached, 0)) over (partition by path order by start_offset, end_offset)
)

select
    path,
    arg_max(inode, import_id) as inode,
    arg_max(size, import_id) as size,
    arg_max(modified_ns, import_id) as modified_ns,
    0 as start_offset,
    max(end_offset) as end_offset,
    arg_max(mark, end_offset) as mark
from unbroken
group by path
union all
select path, inode, size, modified_ns, start_offset, end_offset, mark  -- most files were read once
from import
where start_offset = 0 and path is not null and path not in (select path from several)
