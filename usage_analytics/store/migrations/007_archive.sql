-- An import's identity in the archive, which it keeps wherever it is copied to; its number is this database's own.
alter table import add column uid varchar;
update import set uid = replace(uuid()::varchar, '-', '') || '-0';

-- The archive's ledger as it was when this database last followed it; empty before it first did.
create table archive_mark (mark varchar not null);
insert into archive_mark values ('');
