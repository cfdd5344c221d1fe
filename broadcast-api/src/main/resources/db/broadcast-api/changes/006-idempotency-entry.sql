--liquibase formatted sql

--changeset broadcast-api:006-idempotency-entry
create table idempotency_entry (
  -- An actor is one API key of one tenant, so two tenants never meet here.
  actor text not null,
  idempotency_key text not null,
  fingerprint bytea not null,
  claim_id uuid not null,
  claimed_at timestamptz not null,
  status int,
  content_type text,
  location text,
  etag text,
  sealed_body text,
  expires_at timestamptz not null,
  primary key (actor, idempotency_key)
);

create index idempotency_entry_by_expiry on idempotency_entry (expires_at);
