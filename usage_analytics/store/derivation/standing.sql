-- One row per observation of a restated bucket that stands: of the latest statement of its row, unless a later one of the whole bucket
-- has that row no more. What no account is named for belongs to the only one that its source knows, if there is only one.
create or replace temp view standing as
with
only_account as (
    select source, any_value(account) as only_one
    from observation
    where stated_at is not null
    group by source
    having count(distinct account) = 1
),

restated as (
    select
        o.*,
        coalesce(o.account, k.only_one) as whose,
        max(o.stated_at) filter (where o.is_whole_bucket) over (
            partition by o.source, coalesce(o.account, k.only_one), o.grain, o.occurred_at
        ) as whole_at,
        max(o.stated_at) over (partition by o.source, o.event_id) as latest_at
    from observation as o
    left join only_account as k on o.source = k.source
    where o.stated_at is not null
)

select * exclude (whose, whole_at, latest_at)
from restated
where
    stated_at = latest_at and (whole_at is null or stated_at >= whole_at)
    and coalesce(input_tokens, output_tokens, reported_cost_nanos) is not null  -- a bucket may be stated to hold nothing
