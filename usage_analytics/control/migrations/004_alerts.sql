-- Where alerts go. What is secret about a channel (a webhook's address, its signing key, a password) lies in a file of its own.
create table alert_channel (
    channel_id integer primary key autoincrement,
    kind text not null check (kind in ('desktop', 'webhook', 'email')),
    digest text not null unique, -- of the kind and the address: the same address is the same channel, also when it was removed and comes back
    label text not null, -- as people see it; of a webhook never the whole address
    from_level text not null default 'notify' check (from_level in ('notify', 'act')),
    private_allowed integer not null default 0,
    made_at text not null,
    removed_at text
) strict;
-- One row per episode and channel: who took it on, and what became of it. It is also the history.
create table alert_delivery (
    episode text not null,
    channel_id integer not null,
    level text not null,
    title text not null,
    state text not null check (state in ('claimed', 'handed', 'sent', 'failed', 'unsure')),
    tries integer not null,
    claimed_at text not null,
    settled_at text,
    next_try_at text, -- of one that failed and is tried again
    problem text, -- a sentence, without any secret
    primary key (episode, channel_id)
) strict;
