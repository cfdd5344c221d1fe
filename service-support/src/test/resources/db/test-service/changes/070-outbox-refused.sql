--liquibase formatted sql

--changeset test-service:070-outbox-refused
alter table outbox add column refused text;
