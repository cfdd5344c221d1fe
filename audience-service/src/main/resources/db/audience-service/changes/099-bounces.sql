--liquibase formatted sql

--changeset audience-service:099-bounces
-- address: an e-mail address in lower case or the digits of a chat id; null once the contact it was was erased: address_hash,
-- a keyed hash, says then what it was. contact_id: whose message it came of; 0 when it came of none.
create table suppression (
  id uuid primary key,
  tenant_id uuid not null,
  channel text not null,
  address text,
  address_hash bytea,
  contact_id bigint not null,
  reason text not null,
  source text,
  status text,
  evidence text,
  actor text not null,
  suppressed_at timestamptz not null,
  check ((address is null) <> (address_hash is null))
);
create unique index suppression_address on suppression (tenant_id, channel, address);
create unique index suppression_hash on suppression (tenant_id, channel, address_hash)
  where address_hash is not null;
create index suppression_page on suppression (tenant_id, id);
create index suppression_contact on suppression (tenant_id, contact_id) where contact_id > 0;

-- Contacts whose workers were told that their address is suppressed.
create table suppressed_contact (
  tenant_id uuid not null,
  contact_id bigint not null,
  channel text not null,
  since timestamptz not null,
  primary key (tenant_id, contact_id, channel)
);
