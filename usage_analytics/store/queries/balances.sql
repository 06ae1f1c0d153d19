-- One row per document in which the account spoke of itself, in the order of time. The same document in two files is one.
select distinct
    seen_at,
    dated_by,
    document,
    account,
    currency,
    balance_nanos,
    used_nanos,
    credits_enabled,
    out_of_credits,
    has_monthly_limit,
    monthly_limit_nanos,
    reload_enabled,
    threshold_nanos,
    reload_to_nanos,
    last_purchase_nanos,
    expiry_months,
    bundle_cap_nanos,
    expiring_nanos,
    expires_at,
    session_percent,
    session_resets_at,
    weekly_percent,
    weekly_resets_at
from balance_seen
where seen_at >= $start and seen_at < $end
order by seen_at, document
