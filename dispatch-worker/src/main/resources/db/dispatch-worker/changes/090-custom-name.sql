--liquibase formatted sql

--changeset fanfare:090-custom-name
-- The names of custom events that were taken for a broadcast. Counted under a lock before one is added: every name is
-- a row more in each of analytics' roll-ups.
create table custom_name (
  broadcast_id uuid not null,
  name text not null,
  ledger_day date not null,
  primary key (broadcast_id, name)
);
comment on column custom_name.ledger_day is 'the day of the broadcast: the names go with it';
create index custom_name_day on custom_name (ledger_day);
