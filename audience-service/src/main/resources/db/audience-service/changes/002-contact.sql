--liquibase formatted sql

--changeset audience-service:002-contact
create table contact (
  id bigint generated always as identity primary key,
  tenant_id uuid not null,
  external_id text collate "C",
  name text,
  email text,
  phone text,
  telegram_chat_id bigint,
  language text,
  time_zone text,
  country text,
  city text,
  roles text[] not null default '{}',
  tags text[] not null default '{}',
  custom jsonb not null default '{}',
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, external_id)
);
create index contact_page on contact (tenant_id, id);
create index contact_name on contact (tenant_id, lower(name) text_pattern_ops);
create index contact_email on contact (tenant_id, lower(email) text_pattern_ops);
