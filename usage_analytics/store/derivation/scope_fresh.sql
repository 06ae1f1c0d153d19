-- One row per observation that is added to an empty database, as it lies in the archive: nothing was worked out before.
create or replace temp view mine as
select * from incoming;

create or replace temp view involved as
select * from incoming where conversation_id is not null;

create or replace temp table shared as  -- observed more than once
select source, event_id from mine group by all having count(*) > 1;

create or replace temp view seen_again as
select source, event_id from shared;

create or replace temp view asked as
select conversation_id, occurred_at, max(kind) as kind from prompt where kind <> 'present' group by all;

create or replace temp table touched_day as
select distinct occurred_at::date as day from incoming;

create or replace temp view refreshed as
select * from call;

create or replace temp view regrouped as
select * from call;

create or replace temp table regrouped_conversation (conversation_id varchar)
