--liquibase formatted sql

--changeset broadcast-api:060-idempotency-outcome
-- Set when the request may have been done and its answer is lost: it must not be done again.
alter table idempotency_entry add column outcome_unknown boolean not null default false;
