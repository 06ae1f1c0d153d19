-- One row per day (UTC), model and bill that a report states: what it states, and what usage reports and calls come to.
select
    day,
    model,
    bill,
    sum(billed_nanos)::bigint as billed_nanos,
    sum(billed_rows)::bigint as billed_rows,
    sum(usage_nanos)::bigint as usage_nanos,
    sum(call_nanos)::bigint as call_nanos,
    sum(call_estimated_nanos)::bigint as call_estimated_nanos,
    sum(coalesce(billed_nanos, usage_nanos)) filter (is_itemized)::bigint as itemized_nanos,
    sum(not_itemized_nanos)::bigint as not_itemized_nanos,
    bool_or(is_assumed) as is_assumed
from reconciled
where day >= $start and day < $end
    and (len($models) = 0 or list_contains($models, coalesce(model, '')))
group by day, model, bill
order by day, model, bill
