-- One row per conversation that has calls within a span of days (of UTC) under the filters, and one that `is_one` not, for calls that belong
-- to none: what these calls come to. A conversation that is kept whole is read whole; only of the others are the parts added up.
create or replace macro conversation_within(span_start, span_end, models, apps, projects, accounts) as table
with
whole as (
    select true as is_one, key, attended, calls, longest, reached, cost_nanos, told_nanos, resend_nanos, unpriced_calls, active_ms, first_at, last_at, guessed_nanos
    from rollup_conversation
    where first_day >= date_trunc('day', span_start) and last_day < span_end
        and (len(models) = 0 or (one_model and list_contains(models, coalesce(model, ''))))
        and (len(apps) = 0 or (one_app and list_contains(apps, app)))
        and (len(projects) = 0 or (one_project and list_contains(projects, coalesce(project, ''))))
        and (len(accounts) = 0 or (one_account and list_contains(accounts, coalesce(account, ''))))
),

partly as (
    select
        key is not null as is_one,
        key,
        bool_or(attended) as attended,
        sum(calls)::bigint as calls,
        max(longest) as longest,
        max(reached) as reached,
        sum(cost_nanos)::bigint as cost_nanos,
        sum(told_nanos)::bigint as told_nanos,
        sum(resend_nanos)::bigint as resend_nanos,
        sum(unpriced_calls)::bigint as unpriced_calls,
        sum(active_ms)::bigint as active_ms,
        min(first_at) as first_at,
        max(last_at) as last_at,
        sum(guessed_nanos)::bigint as guessed_nanos
    from rollup_conversation_part
    where day >= date_trunc('day', span_start) and day < span_end
        and (len(models) = 0 or list_contains(models, coalesce(model, '')))
        and (len(apps) = 0 or list_contains(apps, app))
        and (len(projects) = 0 or list_contains(projects, coalesce(project, '')))
        and (len(accounts) = 0 or list_contains(accounts, coalesce(account, '')))
        and (
            first_day >= date_trunc('day', span_start) and last_day < span_end
            and (len(models) = 0 or one_model)
            and (len(apps) = 0 or one_app)
            and (len(projects) = 0 or one_project)
            and (len(accounts) = 0 or one_account)
        ) is not true
    group by key
)

select is_one, key, attended, calls, longest, reached, cost_nanos, told_nanos, resend_nanos, unpriced_calls, active_ms, first_at, last_at, guessed_nanos
from whole
union all
select is_one, key, attended, calls, longest, reached, cost_nanos, told_nanos, resend_nanos, unpriced_calls, active_ms, first_at, last_at, guessed_nanos
from partly
