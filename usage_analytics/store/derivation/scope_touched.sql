-- One row per observation of a touched call.
create or replace temp table mine as
select o.* from observation as o semi join touched using (source, event_id);

create or replace temp table involved as
select o.*
from observation as o
where o.conversation_id in (select conversation_id from mine) and o.grain = 'call';

create or replace temp table asked as
select p.conversation_id, p.occurred_at, max(p.kind) as kind
from prompt as p
where p.conversation_id in (select conversation_id from mine)
group by all;

insert into touched_day
select distinct date_trunc('day', occurred_at) as day from mine
