--liquibase formatted sql

--changeset fanfare:040-fell-back
--comment: Recipients whose contact went on to the next channel of the broadcast's order.
alter table recipient_count add column fell_back bigint not null default 0;
