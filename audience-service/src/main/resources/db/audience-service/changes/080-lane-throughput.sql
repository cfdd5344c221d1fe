--liquibase formatted sql

--changeset audience-service:080-lane-throughput
-- What a lane without a limit did lately: its look-ahead follows from it.
alter table lane
  add column measured_at timestamptz not null default now(),
  add column measured_results bigint not null default 0,
  add column results_per_second double precision not null default 0;
