--liquibase formatted sql

--changeset audience-service:004-broadcast-run
-- The newest control of each broadcast. open: something may still be pending, in flight or retrying.
create table broadcast_run (
  broadcast_id uuid primary key,
  tenant_id uuid not null,
  epoch bigint not null,
  state text not null,
  open boolean not null default true,
  completed_epoch bigint not null default 0,
  control jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index broadcast_run_open on broadcast_run (broadcast_id) where open;

-- A row of its own, so that whoever freezes holds a lock that no change of the broadcast waits for.
create table audience_freeze (
  broadcast_id uuid primary key,
  requested_at timestamptz not null default now(),
  frozen_at timestamptz,
  refused text
);
create index audience_freeze_waiting on audience_freeze (requested_at) where frozen_at is null and refused is null;

-- What a broadcast has on one lane. planned = pending + handed_over - put_back + skipped + cancelled.
-- issued counts distinct commands, retries included.
create table run_lane (
  broadcast_id uuid not null,
  channel text not null,
  account_id uuid not null,
  shard int not null,
  planned bigint not null,
  pending bigint not null,
  skipped bigint not null default 0,
  cancelled bigint not null default 0,
  handed_over bigint not null default 0,
  put_back bigint not null default 0,
  issued bigint not null default 0,
  handed_over_at timestamptz,
  swept_at timestamptz,
  sweeps int not null default 0,
  primary key (broadcast_id, channel, account_id, shard)
);

-- Recipients that are not handed over yet; a row goes when the last of them has been.
create table chunk (
  id bigint generated always as identity primary key,
  broadcast_id uuid not null,
  channel text not null,
  account_id uuid not null,
  shard int not null,
  variant text not null,
  issue int not null,
  due_at timestamptz not null default now(),
  contact_ids bigint[] not null,
  size int not null,
  next_index int not null default 0
);
create index chunk_lane on chunk (broadcast_id, account_id, shard, id);

create table skipped (
  id bigint generated always as identity primary key,
  broadcast_id uuid not null,
  channel text not null,
  reason text not null,
  contact_ids bigint[] not null,
  size int not null
);
create index skipped_broadcast on skipped (broadcast_id, id);
