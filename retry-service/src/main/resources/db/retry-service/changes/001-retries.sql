--liquibase formatted sql

--changeset fanfare:001-broadcast-policy
--comment: What the newest control of a broadcast says about its retries.
create table broadcast_policy (
  broadcast_id uuid primary key,
  tenant_id uuid not null,
  epoch bigint not null,
  state text not null,
  resends_in_doubt boolean not null,
  retry_delays_ms bigint[] not null,
  ledger_day date not null
);

--changeset fanfare:001-retry
--comment: Every recipient that ever needed another order: what was tried, and which issue is next. Nothing is due when due_at is null; the row stays, so that an event delivered again is known as old news.
create table retry (
  broadcast_id uuid not null,
  contact_id bigint not null,
  channel text not null,
  tenant_id uuid not null,
  issue int not null,
  attempt int not null,
  bucket text not null,
  granted boolean not null,
  ledger_day date not null,
  account_id uuid not null,
  shard int not null,
  variant text not null,
  due_at timestamptz,
  announce_at timestamptz,
  announced_at timestamptz,
  announcements int not null default 0,
  history jsonb not null,
  primary key (broadcast_id, contact_id, channel),
  check ((due_at is null) = (announce_at is null))
);
create index retry_announce on retry (broadcast_id, announce_at) where announce_at is not null;
create index retry_unannounced on retry (broadcast_id)
  where announce_at is not null and announced_at is null;
create index retry_ledger_day on retry (ledger_day);

--changeset fanfare:001-dead-letter
--comment: What was given up: refused for good, or out of attempts.
create table dead_letter (
  id uuid primary key,
  tenant_id uuid not null,
  broadcast_id uuid not null,
  contact_id bigint not null,
  channel text not null,
  issue int not null,
  variant text not null,
  ledger_day date not null,
  outcome text not null,
  attempts int not null,
  code text,
  detail text,
  provider_code text,
  at timestamptz not null,
  state text not null default 'open',
  resolution text,
  changed_at timestamptz not null,
  unique (broadcast_id, contact_id, channel, issue)
);
create index dead_letter_tenant on dead_letter (tenant_id, id);
create index dead_letter_broadcast on dead_letter (broadcast_id, id);
create index dead_letter_open on dead_letter (broadcast_id, id) where state = 'open';
create index dead_letter_ledger_day on dead_letter (ledger_day);

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
