--liquibase formatted sql

--changeset audience-service:081-handover-put-off
-- When publishing it failed last: it goes behind the others.
alter table handover add column put_off_at timestamptz;
