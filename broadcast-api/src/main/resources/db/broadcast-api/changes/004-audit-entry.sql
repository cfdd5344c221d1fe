--liquibase formatted sql

--changeset broadcast-api:004-audit-entry
create table audit_entry (
  id uuid primary key,
  tenant_id uuid,
  actor text not null,
  action text not null,
  resource text not null,
  resource_id text not null,
  before jsonb,
  after jsonb,
  at timestamptz not null
);

create index audit_entry_by_time on audit_entry (tenant_id, at desc, id desc);
create index audit_entry_by_resource on audit_entry (tenant_id, resource, resource_id, at desc, id desc);
create index audit_entry_by_actor on audit_entry (tenant_id, actor, at desc, id desc);
