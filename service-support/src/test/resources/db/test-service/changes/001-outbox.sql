--liquibase formatted sql

--changeset fanfare:1
create table outbox (
  id bigint generated always as identity primary key,
  topic text not null,
  record_key text not null,
  event_type text,
  payload bytea,
  headers jsonb,
  created_at timestamptz not null default now()
);
create table thing (id int primary key, version int not null);
