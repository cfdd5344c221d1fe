--liquibase formatted sql

--changeset broadcast-api:030-message
-- A broadcast that carries single messages: one template version from one account on one day. A contact is in each
-- of them once, so that its second message of that day goes into the next lap.
create table message_run (
  id uuid primary key,
  tenant_id uuid not null references tenant (id),
  template_id uuid not null,
  template_version bigint not null,
  account_id uuid not null,
  policy text not null check (policy in ('never-twice', 'at-least-once')),
  day date not null,
  lap int not null,
  state text not null check (state in ('running', 'paused', 'completed', 'failed')),
  reason_code text,
  reason_detail text,
  -- The newest control epoch and the one it was last started or resumed at.
  epoch bigint not null,
  resumed_epoch bigint not null,
  control jsonb not null,
  changed_at timestamptz not null,
  -- When its completion was last asked for; null while it takes messages.
  asked_at timestamptz,
  unique (tenant_id, template_id, template_version, account_id, policy, day, lap)
);

create index message_run_open on message_run (day) where state in ('running', 'paused');
create index message_run_day on message_run (day);

create table message (
  id uuid primary key,
  tenant_id uuid not null,
  run_id uuid not null,
  contact_id bigint not null,
  external_id text,
  template_id uuid not null,
  account_id uuid not null,
  -- The CloudEvent that asked for it, if one did.
  source text,
  event_id text,
  created_at timestamptz not null,
  created_by text not null,
  unique (run_id, contact_id)
);

create index message_by_tenant on message (tenant_id, id desc);
create index message_by_contact on message (tenant_id, contact_id, id desc);
create unique index message_event on message (tenant_id, source, event_id) where event_id is not null;
