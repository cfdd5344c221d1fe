--liquibase formatted sql

--changeset audience-service:001-outbox
create table outbox (
  id bigint generated always as identity primary key,
  topic text not null,
  record_key text not null,
  event_type text,
  payload bytea,
  headers jsonb,
  created_at timestamptz not null default now()
);
