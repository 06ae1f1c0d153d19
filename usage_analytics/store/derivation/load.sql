-- One row per staged row of the files that were read to their end, for each kind in turn: observation, prompt,
-- limit_seen, session_total, balance_seen, range_total.
insert into observation by name
select * exclude (import_no), $first_id + import_no as import_id from read_parquet($parts)
where import_no in (select import_no from staged_import);

insert into prompt by name
select * exclude (import_no), $first_id + import_no as import_id from read_parquet($parts)
where import_no in (select import_no from staged_import);

insert into limit_seen by name
select * exclude (import_no), $first_id + import_no as import_id from read_parquet($parts)
where import_no in (select import_no from staged_import);

insert into session_total by name
select * exclude (import_no), $first_id + import_no as import_id from read_parquet($parts)
where import_no in (select import_no from staged_import);

insert into balance_seen by name
select * exclude (import_no), $first_id + import_no as import_id from read_parquet($parts)
where import_no in (select import_no from staged_import);

insert into range_total by name
select * exclude (import_no), $first_id + import_no as import_id from read_parquet($parts)
where import_no in (select import_no from staged_import);
