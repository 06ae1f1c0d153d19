-- One row per line of an import that could not be read.
select line, reason
from reject
where import_id = $import_id
order by line
