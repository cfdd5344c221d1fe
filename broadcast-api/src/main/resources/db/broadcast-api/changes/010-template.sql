--liquibase formatted sql

--changeset broadcast-api:010-template
create table template (
  id uuid primary key,
  tenant_id uuid not null references tenant (id),
  name text not null,
  version bigint not null,
  channels jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create index template_by_tenant on template (tenant_id, id desc);

-- What a template was before and is now: versions are added and never changed.
create table template_version (
  template_id uuid not null references template (id) on delete cascade,
  version bigint not null,
  name text not null,
  channels jsonb not null,
  created_at timestamptz not null,
  created_by text not null,
  primary key (template_id, version)
);
