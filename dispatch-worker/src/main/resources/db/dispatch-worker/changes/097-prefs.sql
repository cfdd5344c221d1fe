--liquibase formatted sql

--changeset fanfare:097-link-category
alter table link add column category text;
comment on column link.category is 'of number 0: the category of the messages; null: none';
