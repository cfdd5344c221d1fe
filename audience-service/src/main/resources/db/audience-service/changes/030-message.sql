--liquibase formatted sql

--changeset audience-service:030-message
-- A single message: a recipient that joined a broadcast under way. Forgotten with its broadcast.
create table message (
  broadcast_id uuid not null,
  contact_id bigint not null,
  message_id uuid not null,
  variables jsonb not null,
  -- Why it was skipped here, if it was.
  skipped text,
  primary key (broadcast_id, contact_id)
);

--changeset audience-service:030-message-run
-- The broadcast has no list: its recipients are single messages.
alter table broadcast_run
  add column messages boolean not null generated always as (control ->> 'list_id' is null) stored;
