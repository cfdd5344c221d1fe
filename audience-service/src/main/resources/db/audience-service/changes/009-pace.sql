--liquibase formatted sql

--changeset audience-service:009-pace
-- A broadcast with a rate of its own: the row is the lock of whoever hands over for it, on any lane.
create table pace (
  broadcast_id uuid primary key,
  next_at timestamptz
) with (fillfactor = 50);

-- How many results were known when, about once a second for the last minute.
create table pace_sample (
  broadcast_id uuid not null,
  seen_at timestamptz not null,
  results bigint not null,
  primary key (broadcast_id, seen_at)
);
