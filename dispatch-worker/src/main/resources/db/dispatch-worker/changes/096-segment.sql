--liquibase formatted sql

--changeset fanfare:096-segment
alter table claim add column segment smallint;
comment on column claim.segment is 'the number of the part of the audience that chose the recipient; null for a single message';
