-- One row per group of calls and key of a bill that are the same traffic, as far as we know.
select
    items,
    key,
    confirmed,
    reason,
    agreement
from claim_link
order by items, key
