-- One row per channel that gets a digest: how often, and the beginning of the last span that it was told of.
create table digest (
    channel_id   integer primary key,
    cadence      text not null check (cadence in ('weekly', 'monthly')),
    zone         text not null,
    redaction    text not null,
    with_link    integer not null,
    made_at      text not null,
    told_of      text
) strict;
