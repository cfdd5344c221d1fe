--liquibase formatted sql

--changeset retry-service:050-global-stop
-- One row at most: whether the operator has stopped all sending.
create table global_stop (
  id boolean primary key default true check (id),
  epoch bigint not null,
  stopped boolean not null
);
