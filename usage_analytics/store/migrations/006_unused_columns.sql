-- Columns that no query reads. What imports said of them is still in `observation`.
alter table call drop column entrypoint;
alter table call drop column version;
alter table call drop column extra;
alter table rollup_hour drop column web_searches;
alter table rollup_value drop column calls;
