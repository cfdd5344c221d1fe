--liquibase formatted sql

--changeset broadcast-api:084-ab-test
alter table broadcast
  -- The plan of its test as people gave it, defaults filled in; null: it tests nothing.
  add column ab_test jsonb,
  -- The templates the plan names.
  add column test_templates uuid[] not null default '{}',
  -- The variant the hold-back gets; null: not decided.
  add column winner text;

create index broadcast_unfinished_by_test_template on broadcast using gin (test_templates)
  where state in ('draft', 'scheduled', 'running', 'paused');

-- What each variant says, as frozen at the start: the winner's is published once more for the hold-back.
create table variant_content (
  broadcast_id uuid not null references broadcast (id) on delete cascade,
  variant text not null,
  channel text not null,
  -- JSON of broadcast.content.
  content text not null,
  primary key (broadcast_id, variant, channel)
);
