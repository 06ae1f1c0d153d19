-- One row per source: app, account, project and run class; `source` numbers them as background_calls does.
select
    (row_number() over (order by app, account, project, run) - 1)::integer as source,
    app,
    account,
    project,
    run
from (
    select distinct app, account, project, run
    from call
    where occurred_at < $end and grain in ('call', 'minute')
) as found
order by source
