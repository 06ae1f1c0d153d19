-- One row per row of the parts of the imports that are added, for each kind in turn: observation, prompt, limit_seen, session_total,
-- balance_seen, range_total.
insert into stored_observation by name
select p.* exclude (import), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false) as p
inner join followed as f on p.import = f.uid;

insert into prompt by name
select p.* exclude (import), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false) as p
inner join followed as f on p.import = f.uid;

insert into limit_seen by name
select p.* exclude (import), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false) as p
inner join followed as f on p.import = f.uid;

insert into session_total by name
select p.* exclude (import), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false) as p
inner join followed as f on p.import = f.uid;

insert into balance_seen by name
select p.* exclude (import), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false) as p
inner join followed as f on p.import = f.uid;

insert into range_total by name
select p.* exclude (import), f.import_id
from read_parquet($parts, union_by_name = true, hive_partitioning = false) as p
inner join followed as f on p.import = f.uid
