-- What a person read off their account: the balance at a moment, in nanos of the account's currency.
create table balance_reading (
    reading_id integer primary key autoincrement,
    read_at    text    not null,
    nanos      integer not null,
    currency   text    not null,
    account    text
) strict;
-- What was put on the balance: paid, and credited (more than was paid where there was a discount, and for a gift).
create table top_up (
    top_up_id      integer primary key autoincrement,
    paid_at        text    not null,
    paid_nanos     integer,
    credited_nanos integer not null,
    currency       text    not null,
    account        text
) strict;
-- A balance that was typed before readings had a moment: it is as old as this change.
insert into balance_reading (read_at, nanos, currency)
select strftime('%Y-%m-%dT%H:%M:%S', 'now'), cast(round(cast(value as real) * 100) as integer) * 10000000, 'USD'
from setting
where name = 'balance_usd' and cast(value as real) > 0;
delete from setting where name = 'balance_usd';
