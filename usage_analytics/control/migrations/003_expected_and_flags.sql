-- Runs that somebody declared to be theirs: what they spend is neither flagged nor learned from.
create table expected_run (
    expected_id integer primary key autoincrement,
    app         text not null,
    account     text,  -- null: every one
    project     text,  -- null: every one
    start_at    text not null,
    end_at      text,  -- null: until further notice
    note        text,
    declared_at text not null
) strict;

-- One row per episode that was ever flagged: what has become of it.
create table flag (
    key          text primary key,
    app          text not null,
    account      text,
    project      text,
    kind         text not null,
    started_at   text not null,
    flagged_at   text not null,
    raised_at    text not null,  -- when it was first told, which is later than `flagged_at` where the data came late
    seen_at      text,           -- when a person first looked at it
    dismissed_at text,
    reason       text,
    over_at      text,           -- when it was last seen, once it has stopped
    spent_nanos  integer not null
) strict;
