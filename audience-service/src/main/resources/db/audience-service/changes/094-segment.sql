--liquibase formatted sql

--changeset audience-service:094-segment
-- filter: as it was written. contacts: how many it matched when it was counted last.
create table segment (
  id uuid primary key,
  tenant_id uuid not null,
  name text not null,
  description text,
  filter jsonb not null,
  contacts bigint,
  counted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index segment_page on segment (tenant_id, id);

-- What a contact did with the message of a broadcast on a channel; each time is of the first doing.
create table contact_behaviour (
  broadcast_id uuid not null,
  contact_id bigint not null,
  channel text not null,
  tenant_id uuid not null,
  sent_at timestamptz,
  opened_at timestamptz,
  clicked_at timestamptz,
  replied_at timestamptz,
  links int[],
  primary key (broadcast_id, contact_id, channel)
);

-- When a contact last did something with any message. active_at: the latest of them.
create table contact_activity (
  contact_id bigint primary key,
  tenant_id uuid not null,
  opened_at timestamptz,
  clicked_at timestamptz,
  replied_at timestamptz,
  active_at timestamptz not null
);
create index contact_activity_active on contact_activity (tenant_id, active_at, contact_id);

--changeset audience-service:094-contact-filter-indexes
-- Each bears the addresses, so that whoever is reachable can be counted from the index alone.
drop index contact_page;
create index contact_page on contact (tenant_id, id) include (email, telegram_chat_id);
create index contact_country on contact (tenant_id, country, lower(language))
  include (id, language, email, telegram_chat_id);
create index contact_created on contact (tenant_id, created_at);
create index contact_roles on contact using gin (roles);
create index contact_tags on contact using gin (tags);
create index contact_custom on contact using gin (custom jsonb_path_ops);
