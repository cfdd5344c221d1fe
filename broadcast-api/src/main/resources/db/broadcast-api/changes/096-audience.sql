--liquibase formatted sql

--changeset broadcast-api:096-audience
-- The lists and segments as people gave them; null: the one list of list_id alone.
alter table broadcast add column audience jsonb;
alter table broadcast alter column list_id drop not null;
