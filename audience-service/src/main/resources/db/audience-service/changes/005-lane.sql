--liquibase formatted sql

--changeset audience-service:005-lane
create table channel_account (
  account_id uuid primary key,
  tenant_id uuid not null,
  channel text not null,
  version bigint not null,
  shards int not null,
  rate_per_second int not null,
  deleted boolean not null default false,
  updated_at timestamptz not null default now()
);

-- The row is the lock of whoever releases on the lane. issued counts distinct commands, handed_over
-- recipients.
create table lane (
  account_id uuid not null,
  shard int not null,
  channel text not null,
  issued bigint not null default 0,
  handed_over bigint not null default 0,
  primary key (account_id, shard)
) with (fillfactor = 50);

-- Apart from lane: counting results must not wait for a release, nor a release for counting. results
-- counts distinct commands that ended, counted the recipients that are anywhere but in flight.
create table lane_result (
  account_id uuid not null,
  shard int not null,
  results bigint not null default 0,
  counted bigint not null default 0,
  put_back bigint not null default 0,
  primary key (account_id, shard)
) with (fillfactor = 50);

create table ledger_progress (
  broadcast_id uuid not null,
  channel text not null,
  account_id uuid not null,
  shard int not null,
  incarnation uuid not null,
  sequence bigint not null,
  sent bigint not null,
  failed bigint not null,
  dead bigint not null,
  in_doubt bigint not null,
  retrying bigint not null,
  skipped bigint not null,
  cancelled bigint not null,
  results bigint not null,
  counted_at timestamptz not null,
  received_at timestamptz not null default now(),
  primary key (broadcast_id, channel, account_id, shard, incarnation)
) with (fillfactor = 70);
