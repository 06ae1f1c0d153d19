-- One row: how many events there are.
select count(*) as events
from call
