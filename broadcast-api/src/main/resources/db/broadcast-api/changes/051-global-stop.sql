--liquibase formatted sql

--changeset broadcast-api:051-global-stop
-- One row: whether the operator has stopped all sending, and why.
create table global_stop (
  id boolean primary key default true check (id),
  epoch bigint not null,
  reason text,
  changed_at timestamptz not null default now(),
  changed_by text not null
);
comment on column global_stop.reason is 'null when nothing is stopped';
insert into global_stop (epoch, changed_by) values (0, 'system');
