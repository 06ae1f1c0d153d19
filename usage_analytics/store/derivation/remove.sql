-- One row less per row that the imports brought.
delete from observation where import_id in (select import_id from changed_import);
delete from prompt where import_id in (select import_id from changed_import);
delete from limit_seen where import_id in (select import_id from changed_import);
delete from session_total where import_id in (select import_id from changed_import);
delete from balance_seen where import_id in (select import_id from changed_import);
delete from reject where import_id in (select import_id from changed_import);
delete from import where import_id in (select import_id from changed_import)
