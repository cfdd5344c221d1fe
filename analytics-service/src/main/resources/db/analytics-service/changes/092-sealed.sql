--liquibase formatted sql

--changeset fanfare:092-sealed-broadcast
--comment: Broadcasts with which nothing was done for so long that what each recipient did is forgotten. Their figures stay; what comes later is set aside.
create table sealed_broadcast (
  broadcast_id uuid primary key,
  sealed_at timestamptz not null,
  -- when the last row of engagement_event was dropped
  emptied_at timestamptz
);
create index sealed_broadcast_full on sealed_broadcast (sealed_at) where emptied_at is null;
