--liquibase formatted sql

--changeset audience-service:097-frequency-cap
-- contact_id: 0 stands for every contact of the tenant.
create table frequency_cap (
  tenant_id uuid not null,
  contact_id bigint not null,
  per_day int,
  per_week int,
  per_month int,
  primary key (tenant_id, contact_id)
);

-- Messages that count against a cap, of tenants that have any. at: when it was sent; null while nobody knows whether it will be.
create table cap_use (
  contact_id bigint not null,
  broadcast_id uuid not null,
  channel text not null,
  tenant_id uuid not null,
  at timestamptz,
  primary key (contact_id, broadcast_id, channel)
);
create index cap_use_open on cap_use (broadcast_id) where at is null;
create index cap_use_at on cap_use (at);
