--liquibase formatted sql

--changeset broadcast-api:099-send-time
-- When each contact gets it by his own clock, as people gave it; null: as soon as it is his turn.
alter table broadcast add column send_time jsonb;

--changeset broadcast-api:099-recurring-broadcast
create table recurring_broadcast (
  id uuid primary key,
  tenant_id uuid not null references tenant (id),
  -- What is made each time and when that is, as people gave both.
  broadcast jsonb not null,
  schedule jsonb not null,
  state text not null check (state in ('active', 'paused', 'ended')),
  -- The first time nothing was made for yet; null unless active.
  next_fire_at timestamptz,
  last_fire_at timestamptz,
  fired int not null,
  missed bigint not null,
  version bigint not null,
  created_at timestamptz not null,
  created_by text not null,
  check ((state = 'active') = (next_fire_at is not null))
);
create index recurring_broadcast_by_tenant on recurring_broadcast (tenant_id, id desc);
create index recurring_broadcast_due on recurring_broadcast (next_fire_at) where state = 'active';

-- What it was made for; the recurring broadcast may be gone by now.
alter table broadcast
  add column recurring_id uuid,
  add column fire_at timestamptz,
  add check ((recurring_id is null) = (fire_at is null));
create unique index broadcast_fire on broadcast (recurring_id, fire_at) where recurring_id is not null;
