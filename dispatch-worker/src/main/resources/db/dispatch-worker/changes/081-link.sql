--liquibase formatted sql

--changeset fanfare:081-link
--comment: Where the links of sent messages lead; a link can be followed years later.
create table link (
  broadcast_id uuid not null,
  channel text not null,
  variant text not null,
  -- from 1; 0 is the message itself, so that a content without links has an owner
  number integer not null,
  tenant_id uuid not null,
  target text not null,
  primary key (broadcast_id, channel, variant, number)
);
