--liquibase formatted sql

--changeset fanfare:001-consumer-offset
--comment: The position in a topic, committed with the figures it stands for.
create table consumer_offset (
  topic text not null,
  partition int not null,
  next_offset bigint not null,
  counted_at timestamptz not null default now(),
  primary key (topic, partition)
);

--changeset fanfare:001-counted-event
--comment: One row per event that was counted, so that the next delivery of it is not. Dropped by partition.
create table counted_event (
  ledger_day date not null,
  event_id uuid not null,
  primary key (ledger_day, event_id)
) partition by range (ledger_day);

create table counted_event_partition (
  ledger_day date primary key,
  last_counted_on date not null
);

--changeset fanfare:001-recipient-count
--comment: How many recipients stand in each bucket, as far as the ledger knows.
create table recipient_count (
  broadcast_id uuid not null,
  channel text not null,
  variant text not null,
  tenant_id uuid not null,
  sent bigint not null,
  failed bigint not null,
  dead bigint not null,
  in_doubt bigint not null,
  retrying bigint not null,
  skipped bigint not null,
  cancelled bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (broadcast_id, channel, variant)
);

--changeset fanfare:001-attempt-count
--comment: How many commands ended with each outcome, and why those ended that were not sent.
create table attempt_count (
  broadcast_id uuid not null,
  channel text not null,
  variant text not null,
  outcome text not null,
  attempts bigint not null,
  primary key (broadcast_id, channel, variant, outcome)
);

create table cause_count (
  broadcast_id uuid not null,
  channel text not null,
  variant text not null,
  code text not null,
  attempts bigint not null,
  primary key (broadcast_id, channel, variant, code)
);

--changeset fanfare:001-minute-count
--comment: The time series: commands that ended within a minute.
create table minute_count (
  broadcast_id uuid not null,
  minute timestamptz not null,
  channel text not null,
  outcome text not null,
  attempts bigint not null,
  primary key (broadcast_id, minute, channel, outcome)
);

--changeset fanfare:001-outbox
create table outbox (
  id bigint generated always as identity primary key,
  topic text not null,
  record_key text not null,
  event_type text,
  payload bytea,
  headers jsonb,
  created_at timestamptz not null default now()
);
