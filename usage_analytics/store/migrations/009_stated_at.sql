-- Of a source that states its buckets again and may correct them: when a file stated one, and whether it holds the whole bucket.
alter table observation add column stated_at timestamp;
alter table observation add column is_whole_bucket boolean;
