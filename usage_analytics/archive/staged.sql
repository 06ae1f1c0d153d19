-- One row per staged row of the files that were read to their end, with the identity of its import.
create or replace temp view given as
select i.id as import, i.format, p.* exclude (import_no)
from read_parquet(getvariable('parts')) as p
inner join staged as i on p.import_no = i.import_no
