--liquibase formatted sql

--changeset audience-service:020-opt-out
-- channel: * stands for every channel. No foreign key: rows are written with the contact's row locked and go before it does.
create table opt_out (
  tenant_id uuid not null,
  contact_id bigint not null,
  channel text not null,
  reason text,
  source text,
  actor text not null,
  opted_out_at timestamptz not null,
  primary key (tenant_id, contact_id, channel)
);

-- Numbers the changes of a contact's suppressions, also when the contact is gone.
create sequence suppression_version;
