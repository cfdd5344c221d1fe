--liquibase formatted sql

--changeset broadcast-api:050-tenant-rate
-- Messages in any minute over all the tenant's broadcasts; 0 for as many as the channels take.
alter table tenant add column rate_per_minute int not null default 0;
-- Grows with every change of what the tenant may send.
alter table tenant add column limits_version bigint not null default 0;
