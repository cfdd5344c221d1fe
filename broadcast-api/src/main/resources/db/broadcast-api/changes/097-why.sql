--liquibase formatted sql

--changeset fanfare:097-account-passed
alter table channel_account add column passed_version bigint;
comment on column channel_account.passed_version is 'the newest version whose test call was passed; null: none was';
