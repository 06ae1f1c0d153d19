-- One row per episode that was told: whose it is and its span so far. What overlaps it is the same episode, by whatever name it goes later.
create table alert_episode (
    episode text primary key, -- the name by which it was first told
    whose text not null,
    start_at text not null,
    end_at text not null
) strict;
create index alert_episode_of on alert_episode (whose);
