--liquibase formatted sql

--changeset broadcast-api:003-api-key
create table api_key (
  id uuid primary key,
  tenant_id uuid not null references tenant (id),
  name text not null,
  role text not null check (role in ('viewer', 'editor', 'sender', 'admin')),
  -- What a key is found by; the secret behind it is known by its SHA-256 alone.
  prefix text not null unique,
  secret_sha256 bytea not null,
  created_at timestamptz not null,
  created_by text not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);

create index api_key_by_tenant on api_key (tenant_id, id desc);
