create table mapping (
    name    text not null primary key,
    content text not null,  -- JSON, as it is passed on
    kept_at text not null
);
