--liquibase formatted sql

--changeset audience-service:040-fallback
-- fell_back: recipients the ledger gave up on this lane, and whose contact is planned on the next channel
-- since. planned = pending + handed_over - put_back - fell_back + skipped + cancelled.
alter table run_lane add column fell_back bigint not null default 0;

-- What the ledger has told of them.
alter table ledger_progress add column fell_back bigint not null default 0;

-- Contacts whose address on a channel belongs to an earlier contact of the audience: they do not fall back to it.
create table address_taken (
  broadcast_id uuid not null,
  channel text not null,
  contact_id bigint not null,
  primary key (broadcast_id, channel, contact_id)
);
