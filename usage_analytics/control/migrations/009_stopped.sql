-- A drain that somebody stopped: when they said so, and what it would have gone on to spend by then known ways; null where it is not known.
alter table flag add column stopped_at text;
alter table flag add column saved_nanos integer;
