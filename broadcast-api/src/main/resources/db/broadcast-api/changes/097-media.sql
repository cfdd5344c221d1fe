--liquibase formatted sql

--changeset broadcast-api:097-media
create table media (
  id uuid primary key,
  tenant_id uuid not null,
  file_name text not null,
  -- As its bytes have it, not as somebody said.
  content_type text not null,
  size integer not null,
  sha256 text not null,
  -- Of an image, in pixels; null: its file does not tell.
  width integer,
  height integer,
  -- Where a broadcast's copy came from; null: it was uploaded.
  source_url text,
  created_at timestamptz not null,
  created_by text not null,
  -- Nobody sees it any more; its bytes stay until no broadcast sends them.
  deleted_at timestamptz,
  content bytea not null
);
-- Images and archives do not shrink, and parts of what is not compressed are read alone.
alter table media alter column content set storage external;

create index media_uploaded on media (tenant_id, id desc)
  where source_url is null and deleted_at is null;
create index media_copied on media (tenant_id, source_url, id desc) where source_url is not null;
create index media_passing on media (created_at) where source_url is not null;
create index media_deleted on media (deleted_at) where deleted_at is not null;

-- A broadcast, or what carries single messages, sends a file or may send it again.
create table media_use (
  broadcast_id uuid not null,
  media_id uuid not null references media (id),
  primary key (broadcast_id, media_id)
);
create index media_use_of on media_use (media_id);
