--liquibase formatted sql

--changeset fanfare:099-smallest-id
create function smallest_id(ids bigint[]) returns bigint language sql immutable parallel safe
return (select min(i) from unnest(ids) as u (i));

--changeset fanfare:099-largest-id
create function largest_id(ids bigint[]) returns bigint language sql immutable parallel safe
return (select max(i) from unnest(ids) as u (i));

--changeset fanfare:099-id-ranges
-- Between which ids a row's contacts lie, whatever order they are in: a page of recipients, or one of them, is found
-- without opening the others.
alter table chunk
  add column first_id bigint generated always as (smallest_id(contact_ids)) stored,
  add column last_id bigint generated always as (largest_id(contact_ids)) stored;
create index chunk_ids on chunk (broadcast_id, first_id, last_id);
alter table handover
  add column first_id bigint generated always as (smallest_id(contact_ids)) stored,
  add column last_id bigint generated always as (largest_id(contact_ids)) stored;
create index handover_ids on handover (broadcast_id, first_id, last_id);
alter table skipped
  add column first_id bigint generated always as (smallest_id(contact_ids)) stored,
  add column last_id bigint generated always as (largest_id(contact_ids)) stored,
  add column skipped_at timestamptz;
-- Null for those skipped before this was kept.
alter table skipped alter column skipped_at set default now();
create index skipped_ids on skipped (broadcast_id, first_id, last_id);

--changeset fanfare:099-cancelled-pending
-- Recipients that were still pending when their broadcast was cancelled or failed.
create table cancelled_pending (
  id bigint generated always as identity primary key,
  broadcast_id uuid not null,
  channel text not null,
  variant text not null,
  segment int not null,
  reason text not null,
  contact_ids bigint[] not null,
  size int not null,
  cancelled_at timestamptz not null default now(),
  first_id bigint generated always as (smallest_id(contact_ids)) stored,
  last_id bigint generated always as (largest_id(contact_ids)) stored
);
create index cancelled_pending_ids on cancelled_pending (broadcast_id, first_id, last_id);

--changeset fanfare:099-put-off-recipients
-- Who was put off because of quiet hours, when, and until when; one contact may be more than once.
create table put_off_recipients (
  id bigint generated always as identity primary key,
  broadcast_id uuid not null,
  channel text not null,
  until timestamptz not null,
  contact_ids bigint[] not null,
  put_off_at timestamptz not null default now(),
  first_id bigint generated always as (smallest_id(contact_ids)) stored,
  last_id bigint generated always as (largest_id(contact_ids)) stored
);
create index put_off_recipients_ids on put_off_recipients (broadcast_id, first_id, last_id);
