-- What a message's place in its conversation comes to is called its position, as in the query that reads it.
alter table rollup_place rename to rollup_message_position;
