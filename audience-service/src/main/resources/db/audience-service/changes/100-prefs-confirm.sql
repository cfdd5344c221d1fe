--liquibase formatted sql

--changeset audience-service:100-list-confirm
-- Whoever is added to such a list is asked first, over the account, with the template; both or none.
alter table contact_list add column confirm_account uuid;
alter table contact_list add column confirm_template uuid;

-- Who was asked to confirm, and who did. Kept when a member is removed: the consent stands.
create table list_opt_in (
  list_id uuid not null,
  contact_id bigint not null,
  tenant_id uuid not null,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  confirmed_at timestamptz,
  primary key (list_id, contact_id)
);
create index list_opt_in_contact on list_opt_in (contact_id);
