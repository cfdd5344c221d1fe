--liquibase formatted sql

--changeset broadcast-api:014-broadcast-rate
-- Messages in any minute; 0 for as fast as the channels allow.
alter table broadcast add column rate_per_minute int not null default 0;
