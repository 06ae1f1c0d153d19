-- One row per row of the archive that belongs to an import that is followed, for each kind in turn: observation, prompt, limit_seen,
-- session_total, balance_seen, range_total. The names of its parts begin with the line that has them: of two lines that name one import, the first.
insert into stored_observation by name
select p.* exclude (import, filename), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false, filename = true) as p
inner join followed as f on p.import = f.uid and starts_with(parse_filename(p.filename), f.line);

insert into prompt by name
select p.* exclude (import, filename), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false, filename = true) as p
inner join followed as f on p.import = f.uid and starts_with(parse_filename(p.filename), f.line);

insert into limit_seen by name
select p.* exclude (import, filename), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false, filename = true) as p
inner join followed as f on p.import = f.uid and starts_with(parse_filename(p.filename), f.line);

insert into session_total by name
select p.* exclude (import, filename), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false, filename = true) as p
inner join followed as f on p.import = f.uid and starts_with(parse_filename(p.filename), f.line);

insert into balance_seen by name
select p.* exclude (import, filename), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false, filename = true) as p
inner join followed as f on p.import = f.uid and starts_with(parse_filename(p.filename), f.line);

insert into range_total by name
select p.* exclude (import, filename), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false, filename = true) as p
inner join followed as f on p.import = f.uid and starts_with(parse_filename(p.filename), f.line)
