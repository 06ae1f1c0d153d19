-- One row per observation: what one import says of one call, or of one bucket of calls, without what was worked out of it.
create or replace view observation as
select
    * exclude (
        is_call, position, inferred_run, inferred_human_prompt, computed_cost_nanos, resend_nanos, active_seconds, cache_signal, day
    )
from stored_observation
