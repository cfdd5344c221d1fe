--liquibase formatted sql

--changeset audience-service:070-outbox-refused
alter table outbox add column refused text;
comment on column outbox.refused is 'why the broker will never take the record; null for those still to be relayed';
