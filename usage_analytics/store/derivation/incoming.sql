-- One row per observation in the parts of the imports that are added, as staged and as in the archive; what older parts lack is null. The
-- names of the archive's parts begin with the line that has them: of two lines that name one import, the first.
create or replace temp view incoming as
select * from observation where false
union all by name
select p.* exclude (import), f.import_id
from read_parquet(getvariable('parts'), union_by_name = true, hive_partitioning = false) as p
inner join followed as f on p.import = f.uid;

create or replace temp view incoming as
select * from observation where false
union all by name
select p.* exclude (import, filename), f.import_id
from read_parquet(getvariable('parts'), union_by_name = true, hive_partitioning = false, filename = true) as p
inner join followed as f on p.import = f.uid and starts_with(parse_filename(p.filename), f.line)
