-- One row per row of the imports that are written out, with the identity of its import, for each kind in turn: observation, prompt,
-- limit_seen, session_total, balance_seen, range_total.
create or replace temp view given as
select i.uid as import, i.format, t.* exclude (import_id)
from observation as t
inner join exported as i on t.import_id = i.import_id;

create or replace temp view given as
select i.uid as import, i.format, t.* exclude (import_id)
from prompt as t
inner join exported as i on t.import_id = i.import_id;

create or replace temp view given as
select i.uid as import, i.format, t.* exclude (import_id)
from limit_seen as t
inner join exported as i on t.import_id = i.import_id;

create or replace temp view given as
select i.uid as import, i.format, t.* exclude (import_id)
from session_total as t
inner join exported as i on t.import_id = i.import_id;

create or replace temp view given as
select i.uid as import, i.format, t.* exclude (import_id)
from balance_seen as t
inner join exported as i on t.import_id = i.import_id;

create or replace temp view given as
select i.uid as import, i.format, t.* exclude (import_id)
from range_total as t
inner join exported as i on t.import_id = i.import_id
