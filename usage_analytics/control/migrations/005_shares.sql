-- Reports that were frozen for a link. Of the link only a digest is kept, of the passcode only what scrypt makes of it; what was revoked
-- or has expired has no content any more.
create table share (
    share_id     integer primary key,
    digest       blob not null unique,
    title        text not null,
    redaction    text not null,
    created_at   text not null,
    created_by   text,
    expires_at   text not null,
    paused       integer not null default 0,
    revoked_at   text,
    salt         blob,
    passcode     blob,
    html         text,
    json         text,
    views        integer not null default 0,
    last_view_at text
) strict;
-- All of a share but its content and its secrets.
create view link as
select
    share_id, digest, title, redaction, created_at, created_by, expires_at, paused, revoked_at,
    passcode is not null as has_passcode,
    views, last_view_at
from share;
-- Passcodes that were tried lately, by a digest of the address whose salt is kept nowhere and changes daily.
create table share_try (
    share_id     integer not null references share (share_id) on delete cascade,
    address      blob not null,
    tried_at     text not null
) strict;
create index share_try_lately on share_try (share_id, tried_at);
