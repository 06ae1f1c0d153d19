-- One row per call that was made anew.
insert into stored_call
select * exclude (stands_alone) from made_call
