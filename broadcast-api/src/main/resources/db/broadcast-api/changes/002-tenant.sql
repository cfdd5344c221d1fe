--liquibase formatted sql

--changeset broadcast-api:002-tenant
create table tenant (
  id uuid primary key,
  name text not null,
  created_at timestamptz not null
);
