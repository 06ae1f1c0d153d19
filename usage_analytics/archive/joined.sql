-- One row per row of the parts that are joined, of imports in force, from the line that has them; with the time that rows are sorted by.
create or replace temp table joined as
select p.* exclude (filename)
from read_parquet($files, union_by_name = true, hive_partitioning = false, filename = true) as p
inner join kept as k on p.import = k.uid and starts_with(parse_filename(p.filename), k.line);

copy (select * from joined order by columns(lambda name: name = $moment), import) to $file (format parquet, compression zstd)
