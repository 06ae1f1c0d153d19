-- A moment at which a person was there may be known without its conversation, and by whose folder it was found in.
alter table prompt alter column conversation_id drop not null;
alter table prompt add column account varchar;
