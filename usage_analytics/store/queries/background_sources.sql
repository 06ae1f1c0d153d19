-- One row per source: app, account, project and run class, with the key by which background_calls names it.
select
    (hash(app, account, project, run) >> 1)::bigint as source,
    app,
    account,
    project,
    run
from (
    select distinct app, account, project, run
    from call
    where occurred_at < $end and grain in ('call', 'minute')
) as found
order by app, account, project, run
