--liquibase formatted sql

--changeset broadcast-api:040-channel-mode
-- all: every channel of a contact is a recipient of its own; fallback: the first channel that reaches it.
alter table broadcast add column channel_mode text not null default 'all'
  check (channel_mode in ('all', 'fallback'));
