--liquibase formatted sql

--changeset audience-service:003-contact-list
create table contact_list (
  id uuid primary key,
  tenant_id uuid not null,
  name text not null,
  description text,
  contacts bigint not null default 0,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index contact_list_page on contact_list (tenant_id, id);

-- No foreign keys: members are only written with their contact and list rows locked, and checking
-- each of a million members again would double the cost of filling a list.
create table list_member (
  list_id uuid not null,
  contact_id bigint not null,
  primary key (list_id, contact_id)
);
create index list_member_contact on list_member (contact_id);
