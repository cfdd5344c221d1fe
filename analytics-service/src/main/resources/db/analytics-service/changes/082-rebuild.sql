--liquibase formatted sql

--changeset fanfare:082-rebuild
--comment: Every time the topics were counted again, and what came of it. Whether the one that is running still is, says a lock of its session.
create table rebuild (
  id uuid primary key,
  -- running, swapped, differs, failed, interrupted
  state text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  counted bigint not null default 0,
  compared_rows bigint,
  compared_broadcasts bigint,
  sealed_broadcasts bigint,
  differing_rows bigint,
  -- the first of them: table, generation and row
  differences jsonb,
  detail text
);
create unique index rebuild_running on rebuild ((true)) where state = 'running';
create index rebuild_started on rebuild (started_at);
