--liquibase formatted sql

--changeset broadcast-api:097-broadcast-category
-- The name of the category its messages belong to; null: none.
alter table broadcast add column category text;

--changeset broadcast-api:097-message-run-category splitStatements:false
-- Messages of different categories are carried by different broadcasts; '' for none.
alter table message_run add column category text not null default '';
do $$
begin
  execute (
    select format('alter table message_run drop constraint %I', conname)
    from pg_constraint where conrelid = 'message_run'::regclass and contype = 'u');
end
$$;
alter table message_run add constraint message_run_lap
  unique (tenant_id, template_id, template_version, account_id, policy, day, lap, category);
