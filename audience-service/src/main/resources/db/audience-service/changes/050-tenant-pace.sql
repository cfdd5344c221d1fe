--liquibase formatted sql

--changeset audience-service:050-tenant-pace
-- What a tenant may send in any minute, 0 for no limit: the row is the lock of whoever hands over
-- for the tenant, on any lane.
create table tenant_pace (
  tenant_id uuid primary key,
  version bigint not null,
  rate_per_minute int not null,
  next_at timestamptz
) with (fillfactor = 50);

-- How many results were known on the tenant's lanes when, about once a second for the last minute.
create table tenant_pace_sample (
  tenant_id uuid not null,
  seen_at timestamptz not null,
  results bigint not null,
  primary key (tenant_id, seen_at)
);

create index channel_account_of_tenant on channel_account (tenant_id);
