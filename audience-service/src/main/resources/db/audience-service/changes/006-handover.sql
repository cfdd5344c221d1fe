--liquibase formatted sql

--changeset audience-service:006-handover
-- Recipients the ledger now answers for. Kept until the broadcast has nothing in flight, so that what
-- the broker lost can be published again.
create table handover (
  id bigint generated always as identity primary key,
  broadcast_id uuid not null,
  channel text not null,
  account_id uuid not null,
  shard int not null,
  variant text not null,
  issue int not null,
  attempt int not null,
  bucket text not null,
  granted boolean not null,
  contact_ids bigint[] not null,
  size int not null,
  control_epoch bigint not null,
  handed_over_at timestamptz not null default now(),
  published_at timestamptz
);
create index handover_lane on handover (broadcast_id, account_id, shard, id);
create index handover_unpublished on handover (id) where published_at is null;

create table due_retry (
  broadcast_id uuid not null,
  contact_id bigint not null,
  channel text not null,
  issue int not null,
  account_id uuid not null,
  shard int not null,
  variant text not null,
  attempt int not null,
  bucket text not null,
  granted boolean not null,
  received_at timestamptz not null default now(),
  issued boolean not null default false,
  released_at timestamptz,
  primary key (broadcast_id, contact_id, channel, issue)
);
create index due_retry_waiting on due_retry (broadcast_id, account_id, shard, received_at)
  where released_at is null;

create table returned_seen (
  broadcast_id uuid not null,
  contact_id bigint not null,
  channel text not null,
  issue int not null,
  primary key (broadcast_id, contact_id, channel, issue)
);
