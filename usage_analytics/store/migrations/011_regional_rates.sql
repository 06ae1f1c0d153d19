-- Whether a model costs more on Bedrock's regional profiles: prices are put in anew when the database is next opened.
alter table rate add column regional boolean
