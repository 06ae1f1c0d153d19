-- What reports state before it is settled what of it counts, and calls that another source knows better: rows of `call` that are set aside.
create table claim as from call limit 0;

-- One row per group of calls and key of a bill that are the same traffic: how we know, and how well the two agree (0 to 1; null: no shared day).
create table claim_link (
    items     varchar not null,  -- the calls: their client or gateway, account and app
    key       varchar not null,  -- of the bill: account, key and workspace
    confirmed boolean not null,  -- false: assumed, so that no dollar counts twice
    reason    varchar not null,  -- said, agree, named
    agreement double
);

-- Which kind of source gives the total, first to last; and what the person says is, or is not, the same traffic.
create table claim_order (class varchar not null, position integer not null);
create table claim_choice (account varchar, key varchar not null, same boolean not null);
create table claim_rule (digest varchar not null);
insert into claim_order values
    ('invoice', 1), ('cost_report', 2), ('usage_report', 3), ('gateway', 4), ('telemetry', 5), ('transcript', 6), ('estimate', 7);
