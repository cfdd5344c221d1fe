--liquibase formatted sql

--changeset fanfare:incarnation
-- One life of one worker. Claims and results are written only while the row is not ended: their transactions lock it
-- for share, whoever takes over locks it for update.
create table incarnation (
  number     bigint generated always as identity primary key,
  id         uuid not null unique,
  worker     text not null,
  started_at timestamptz not null default now(),
  ended_at   timestamptz,
  ended_by   bigint,
  settled_at timestamptz
);
comment on column incarnation.ended_by is 'the incarnation that ended it; its own number after an orderly shutdown';
comment on column incarnation.settled_at is 'all its events and counters are published';
create index incarnation_unsettled on incarnation (number) where settled_at is null;

-- Apart from the incarnation, so that the renewal each second never waits for the row that claims lock.
create table lease (
  incarnation       bigint primary key references incarnation,
  renewed           bigint not null default 0,
  open_from_batch   bigint not null default 0,
  published_up_to   bigint not null default 0
) with (fillfactor = 50);
comment on column lease.open_from_batch is 'every claim of a lower batch has its result';
comment on column lease.published_up_to is 'events of results up to this sequence are acknowledged by the broker';

--changeset fanfare:ledger
create table claim (
  ledger_day   date not null,
  broadcast_id uuid not null,
  contact_id   bigint not null,
  channel      text not null,
  issue        int not null,
  attempt      int not null,
  incarnation  bigint not null,
  batch        bigint not null,
  position     smallint not null,
  bucket       smallint not null,
  shard        int not null,
  tenant_id    uuid not null,
  account_id   uuid not null,
  variant      text not null,
  claimed_at   timestamptz not null default now(),
  primary key (ledger_day, broadcast_id, contact_id, channel, issue)
) partition by range (ledger_day);
comment on column claim.bucket is '1 pending, 2 in flight, 3 retrying, 4 sent, 5 failed, 6 dead, 7 in doubt, 8 skipped, 9 cancelled';
create index claim_batch on claim (incarnation, batch);

create table result (
  ledger_day          date not null,
  broadcast_id        uuid not null,
  contact_id          bigint not null,
  channel             text not null,
  issue               int not null,
  outcome             smallint not null,
  position            smallint not null,
  incarnation         bigint not null,
  sequence            bigint not null,
  at                  timestamptz not null,
  retry_at            timestamptz,
  cause_code          text,
  cause_detail        text,
  provider_code       text,
  provider_message_id text,
  primary key (ledger_day, broadcast_id, contact_id, channel, issue)
) partition by range (ledger_day);
comment on column result.outcome is '1 sent, 2 failed, 3 dead, 4 retrying, 5 rate limited, 6 in doubt, 7 returned, 8 skipped, 9 cancelled';
create index result_sequence on result (incarnation, sequence);

create table counter (
  broadcast_id uuid not null,
  account_id   uuid not null,
  shard        int not null,
  incarnation  bigint not null,
  channel      text not null,
  sequence     bigint not null,
  sent         bigint not null,
  failed       bigint not null,
  dead         bigint not null,
  in_doubt     bigint not null,
  retrying     bigint not null,
  skipped      bigint not null,
  cancelled    bigint not null,
  results      bigint not null,
  changed_at   timestamptz not null default now(),
  primary key (broadcast_id, account_id, shard, incarnation)
) with (fillfactor = 50);
create index counter_incarnation on counter (incarnation);

create table outbox (
  id         bigint generated always as identity primary key,
  topic      text not null,
  record_key text not null,
  event_type text,
  payload    bytea,
  headers    jsonb,
  created_at timestamptz not null default now()
);

--changeset fanfare:ledger-day splitStatements:false
-- Makes the partitions of a ledger day. Attaching, unlike "partition of", does not stop those who write other days.
create function ensure_ledger_day(day date) returns boolean language plpgsql as $$
declare
  suffix text := to_char(day, 'YYYYMMDD');
  kind text;
begin
  perform pg_advisory_xact_lock(hashtext('dispatch_worker.ledger_day'));
  if to_regclass('result_' || suffix) is not null then
    return false;
  end if;
  foreach kind in array array['claim', 'result'] loop
    execute format('create table %I (like %I including defaults including comments)', kind || '_' || suffix, kind);
    execute format(
      'alter table %I attach partition %I for values from (%L) to (%L)', kind, kind || '_' || suffix, day, day + 1);
  end loop;
  return true;
end $$;
