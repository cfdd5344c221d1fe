--liquibase formatted sql

--changeset audience-service:099-category
-- What kinds of messages a tenant sends. name: as broadcasts and opt-outs say it. mandatory: nobody can opt out of it alone.
create table category (
  id uuid primary key,
  tenant_id uuid not null,
  name text not null,
  title text not null,
  description text,
  mandatory boolean not null,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, name)
);

--changeset audience-service:099-opt-out-category
-- category: * stands for all messages.
alter table opt_out add column category text not null default '*';
alter table opt_out drop constraint opt_out_pkey;
alter table opt_out add primary key (tenant_id, contact_id, channel, category);

--changeset audience-service:099-opt-out-change
-- Every opt-out (receives: false) and opt-in of a contact, the newest 200. event_id: the form of preferences it came by.
create table opt_out_change (
  id bigint generated always as identity primary key,
  tenant_id uuid not null,
  contact_id bigint not null,
  receives boolean not null,
  channel text not null,
  category text not null,
  reason text,
  source text,
  actor text not null,
  changed_at timestamptz not null,
  event_id uuid
);
create index opt_out_change_contact on opt_out_change (tenant_id, contact_id, id);
insert into opt_out_change
  (tenant_id, contact_id, receives, channel, category, reason, source, actor, changed_at)
select tenant_id, contact_id, false, channel, category, reason, source, actor, opted_out_at
from opt_out order by opted_out_at;
