-- One row per bucket that was just derived: it is set aside in `claim` until it is settled what of it counts.
create or replace temp table claim_fresh as
select distinct source, event_id from mine where grain <> 'call';

insert into claim by name
select c.* from call as c semi join claim_fresh using (source, event_id);

delete from stored_call
where
    grain <> 'call'
    and exists (select 1 from claim_fresh as f where f.source = stored_call.source and f.event_id = stored_call.event_id)
