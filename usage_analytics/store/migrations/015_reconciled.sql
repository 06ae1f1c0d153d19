-- One row per key (or keys with the calls of one group), day and model that a report states: what it states, and what calls come to.
create table reconciled (
    day                    date    not null,
    model                  varchar,
    bill                   varchar not null,
    account                varchar,
    app                    varchar not null,
    is_assumed             boolean not null,  -- that the calls are on this key
    billed_nanos           bigint,            -- of the invoice or cost report
    billed_rows            bigint,            -- which it may round one by one
    usage_nanos            bigint,            -- of the usage report, at list prices
    is_itemized            boolean not null,  -- whether calls are on this key
    call_nanos             bigint,
    call_estimated_nanos   bigint,            -- with unfinished outputs estimated
    not_itemized_nanos     bigint
);
