-- One row per observation of a touched call.
create or replace temp table mine as
select o.* from observation as o semi join touched using (source, event_id) where o.stated_at is null
union all
select s.* from standing as s semi join touched using (source, event_id);

create or replace temp table involved as
select o.*
from observation as o
where o.conversation_id in (select conversation_id from mine) and o.grain = 'call';

create or replace temp table shared as  -- observed more than once
select source, event_id from mine group by all having count(*) > 1;

create or replace temp table seen_again as
select source, event_id from involved group by all having count(*) > 1;

create or replace temp table asked as
select p.conversation_id, p.occurred_at, max(p.kind) as kind
from prompt as p
where p.conversation_id in (select conversation_id from mine) and p.kind <> 'present'
group by all;

insert into touched_day
select distinct occurred_at::date as day from mine;

create or replace temp view refreshed as
select * from call where day in (select day from touched_day);

insert into regrouped_conversation
select distinct conversation_id from mine where conversation_id is not null;

create or replace temp view regrouped as
select *
from call
where grain = 'call' and conversation_id in (select conversation_id from regrouped_conversation)
union all
select *
from refreshed
where grain = 'call' and conversation_id is null
