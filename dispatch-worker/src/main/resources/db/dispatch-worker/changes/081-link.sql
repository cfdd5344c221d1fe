--liquibase formatted sql

--changeset fanfare:081-link
-- The links of a content, written when it is first compiled and kept for good: a message may be opened years later.
create table link (
  broadcast_id uuid not null,
  variant text not null,
  channel text not null,
  number int not null,
  tenant_id uuid not null,
  target text not null,
  primary key (broadcast_id, variant, channel, number)
);
comment on column link.number is '0: the content itself, without a target; from 1: its links in order';
comment on column link.target is 'where the link leads; of one that differs from recipient to recipient, its template';
