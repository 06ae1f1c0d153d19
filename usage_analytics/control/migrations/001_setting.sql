-- What a person set, by name.
create table setting (name text primary key, value text not null) strict;
