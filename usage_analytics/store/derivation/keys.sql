-- One word, one number that is the same on every engine and in every run; 60 bits of its digest. Numbers are grouped far faster than words.
create or replace temp macro key_of(word) as ('0x' || substr(md5(word), 1, 15))::bigint
