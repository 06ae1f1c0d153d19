-- One row per row of the archive that belongs to an import that is followed, for each kind in turn: observation, prompt, limit_seen,
-- session_total, balance_seen, range_total. Where two lines of the ledger name one import, its parts are those of the first.
insert into observation by name
select p.* exclude (import, filename), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false, filename = true) as p
inner join followed as f on p.import = f.uid and parse_filename(p.filename, true) = f.line || '-observation';

insert into prompt by name
select p.* exclude (import, filename), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false, filename = true) as p
inner join followed as f on p.import = f.uid and parse_filename(p.filename, true) = f.line || '-prompt';

insert into limit_seen by name
select p.* exclude (import, filename), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false, filename = true) as p
inner join followed as f on p.import = f.uid and parse_filename(p.filename, true) = f.line || '-limit_seen';

insert into session_total by name
select p.* exclude (import, filename), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false, filename = true) as p
inner join followed as f on p.import = f.uid and parse_filename(p.filename, true) = f.line || '-session_total';

insert into balance_seen by name
select p.* exclude (import, filename), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false, filename = true) as p
inner join followed as f on p.import = f.uid and parse_filename(p.filename, true) = f.line || '-balance_seen';

insert into range_total by name
select p.* exclude (import, filename), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false, filename = true) as p
inner join followed as f on p.import = f.uid and parse_filename(p.filename, true) = f.line || '-range_total'
