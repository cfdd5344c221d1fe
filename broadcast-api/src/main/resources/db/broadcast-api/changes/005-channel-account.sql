--liquibase formatted sql

--changeset broadcast-api:005-channel-account
create table channel_account (
  id uuid primary key,
  tenant_id uuid not null references tenant (id),
  channel text not null,
  name text not null,
  version bigint not null,
  shards int not null check (shards between 1 and 64),
  rate_per_second int not null check (rate_per_second >= 0),
  settings jsonb not null,
  sealed_secret text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create index channel_account_by_tenant on channel_account (tenant_id, id desc);
