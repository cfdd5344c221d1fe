--liquibase formatted sql

--changeset fanfare:096-segment
-- The number of the part of the audience that chose the recipient; null for a single message.
alter table retry add column segment smallint;
