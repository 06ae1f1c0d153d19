-- One row: the moment of the last of the calls that background_calls has, in milliseconds; null where there is none.
select epoch_ms(max(occurred_at)) as moment
from call
where occurred_at < $end and grain in ('call', 'minute')
