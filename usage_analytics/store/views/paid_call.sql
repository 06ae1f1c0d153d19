-- One row per call, or per bucket where the source says no more, within a span and under the filters: which pool paid, and why we think so;
-- see the macro payment. The column `nanos` is null where there is no price.
create or replace macro paid_call(own, span_start, span_end, models, apps, projects, accounts) as table
select
    occurred_at,
    account,
    app,
    cost_nanos as nanos,
    grain,
    pool,
    reason
from payment(own, span_end)
where occurred_at >= span_start and occurred_at < span_end
    and (len(models) = 0 or list_contains(models, coalesce(model, '')))
    and (len(apps) = 0 or list_contains(apps, app))
    and (len(projects) = 0 or list_contains(projects, coalesce(project, '')))
    and (len(accounts) = 0 or list_contains(accounts, coalesce(account, '')))
    and not counted_elsewhere
