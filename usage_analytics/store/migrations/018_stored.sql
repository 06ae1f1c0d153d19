-- A call that only one observation says anything of is kept on the row of that observation, and not a second time: `is_call` and the columns
-- after it are what was worked out of it. All other calls are rows of `stored_call`. The views `observation` and `call` show both as one.
drop view if exists event;
drop view if exists conversation;
alter table observation rename to stored_observation;
alter table stored_observation add column is_call boolean default false;
alter table stored_observation add column position bigint;
alter table stored_observation add column inferred_run varchar;
alter table stored_observation add column inferred_human_prompt boolean;
alter table stored_observation add column computed_cost_nanos bigint;
alter table stored_observation add column resend_nanos bigint;
alter table stored_observation add column active_seconds double;
alter table stored_observation add column cache_signal varchar;
alter table stored_observation add column day date;
alter table call rename to stored_call;
