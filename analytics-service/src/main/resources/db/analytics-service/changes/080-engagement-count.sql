--liquibase formatted sql

--changeset fanfare:080-engagement-count
--comment: What the recipients of a variant did: events, and recipients who did it at least once.
create table engagement_count (
  broadcast_id uuid not null,
  channel text not null,
  variant text not null,
  -- opened, clicked, replied, button, bounced, complained, unsubscribed, custom
  kind text not null,
  -- the name of a custom event, else empty
  name text not null,
  -- a machine's doing is counted apart
  machine boolean not null,
  tenant_id uuid not null,
  events bigint not null,
  recipients bigint not null,
  -- of the events' values, and over the recipients of the square of each one's sum: mean and variance
  value_sum numeric not null,
  value_squares numeric not null,
  primary key (broadcast_id, channel, variant, kind, name, machine)
);
