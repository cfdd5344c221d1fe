--liquibase formatted sql

--changeset broadcast-api:011-broadcast
create table broadcast (
  id uuid primary key,
  tenant_id uuid not null references tenant (id),
  name text not null,
  template_id uuid not null,
  list_id uuid not null,
  policy text not null check (policy in ('never-twice', 'at-least-once')),
  variables jsonb not null,
  state text not null check (state in
    ('draft', 'scheduled', 'running', 'paused', 'completed', 'failed', 'cancelled')),
  reason_code text,
  reason_detail text,
  version bigint not null,
  -- The newest control epoch and the one it was last started or resumed at; 0 before the start.
  epoch bigint not null,
  resumed_epoch bigint not null,
  template_version bigint,
  ledger_day date,
  retry_delays_ms bigint[],
  planned bigint,
  scheduled_at timestamptz,
  started_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz not null,
  created_by text not null
);

create index broadcast_by_tenant on broadcast (tenant_id, id desc);
create index broadcast_by_state on broadcast (tenant_id, state, id desc);
create index broadcast_due on broadcast (scheduled_at) where state = 'scheduled';
create index broadcast_unfinished_by_template on broadcast (template_id)
  where state in ('draft', 'scheduled', 'running', 'paused');

create table broadcast_channel (
  broadcast_id uuid not null references broadcast (id) on delete cascade,
  position int not null,
  channel text not null,
  account_id uuid not null,
  -- Frozen when the broadcast starts.
  shards int,
  variables text[],
  primary key (broadcast_id, channel)
);

create index broadcast_channel_by_account on broadcast_channel (account_id);
