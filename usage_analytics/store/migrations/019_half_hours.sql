-- Where clocks differ from UTC by half an hour, a day begins at half past an hour: roll-ups are of half hours, and what was derived is made
-- anew, as it is when prices change.
alter table rollup_hour rename to rollup_half_hour;
delete from rollup_half_hour;
alter table rollup_half_hour rename column hour to half_hour;
delete from rate_table
