-- One row less per rate and per thing that was derived with it.
delete from rate;
delete from rate_table;
update stored_observation set is_call = false where is_call;
delete from stored_call;
delete from claim;
delete from claim_link;
delete from reconciled;
delete from rollup_half_hour;
delete from rollup_value;
delete from rollup_conversation;
delete from rollup_conversation_part;
delete from rollup_message_position
