-- Which model a rate's name stands for, where the name itself doesn't say: an application inference profile.
alter table rate add column known_as varchar
