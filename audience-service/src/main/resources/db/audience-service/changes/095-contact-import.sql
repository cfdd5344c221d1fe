--liquibase formatted sql

--changeset audience-service:095-contact-import
-- position: bytes of the stored file whose rows are done; it moves in the transaction that writes them.
create table contact_import (
  id uuid primary key,
  tenant_id uuid not null,
  actor text not null,
  state text not null check (state in ('receiving', 'queued', 'running', 'completed', 'failed', 'cancelled')),
  options jsonb not null,
  bytes bigint not null default 0,
  position bigint not null default 0,
  line bigint not null default 1,
  rows_read bigint not null default 0,
  created bigint not null default 0,
  updated bigint not null default 0,
  unchanged bigint not null default 0,
  failed bigint not null default 0,
  duplicates bigint not null default 0,
  errors bigint not null default 0,
  errors_kept bigint not null default 0,
  failure_code text,
  failure_detail text,
  created_at timestamptz not null default now(),
  touched_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  check (rows_read = created + updated + unchanged + failed)
);
create index contact_import_page on contact_import (tenant_id, id);
create index contact_import_open on contact_import (touched_at) where state in ('receiving', 'queued', 'running');

-- The file in pieces of one size; gone when the import ends.
create table contact_import_piece (
  import_id uuid not null,
  piece int not null,
  content bytea not null,
  primary key (import_id, piece)
);
-- Compressing costs more than it saves for what lives for minutes.
alter table contact_import_piece alter column content set storage external;

-- Hashes of the keys of the rows that are done, so that whoever goes on knows which come again.
create table contact_import_seen (
  import_id uuid not null,
  rows_read bigint not null,
  keys bigint[] not null,
  primary key (import_id, rows_read)
);

create table contact_import_error (
  import_id uuid not null,
  number bigint not null,
  row_number bigint not null,
  line bigint not null,
  field text,
  code text not null,
  detail text not null,
  original text,
  primary key (import_id, number)
);
