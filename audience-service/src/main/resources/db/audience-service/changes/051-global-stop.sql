--liquibase formatted sql

--changeset audience-service:051-global-stop
-- One row at most: whether the operator has stopped all sending.
create table global_stop (
  id boolean primary key default true check (id),
  epoch bigint not null,
  stopped boolean not null,
  changed_at timestamptz not null default now()
);
