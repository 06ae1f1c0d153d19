-- One row: whether every observation that is added is a call of one source, its tokens counted and its model's name its own, so that what is
-- worked out of a call can be kept on the row of its observation.
select
    coalesce(
        min(source) = max(source) and bool_and(grain = 'call') and count(estimates) = 0 and count(stated_at) = 0
        and not exists (from rate where known_as is not null),
        false
    ) as is_plain
from incoming
