--liquibase formatted sql

--changeset fanfare:002-in-doubt
--comment: The recipients in doubt are the retries in that bucket.
create index retry_in_doubt on retry (broadcast_id, contact_id, channel)
  where bucket = 'in_doubt';

--changeset fanfare:002-pause-asked
--comment: The newest epoch at which a pause was asked for because the provider failed.
alter table broadcast_policy add column pause_asked_epoch bigint not null default 0;

--changeset fanfare:002-undecodable-event
--comment: Records out of the dead-letter topics. Two with one offset are told apart by their time, should the topic ever be made anew.
create table undecodable_event (
  id uuid primary key,
  dead_letter_topic text not null,
  record_partition int not null,
  record_offset bigint not null,
  topic text not null,
  consumer_group text not null,
  reason text not null,
  origin text,
  event_type text,
  record_key bytea,
  payload bytea,
  headers jsonb not null,
  at timestamptz not null,
  requeues int not null,
  state text not null default 'open',
  changed_at timestamptz not null,
  unique (dead_letter_topic, record_partition, record_offset, at)
);
create index undecodable_event_open on undecodable_event (id) where state = 'open';
