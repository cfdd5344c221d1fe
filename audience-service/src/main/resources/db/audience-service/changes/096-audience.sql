--liquibase formatted sql

--changeset audience-service:096-segment
-- The number, from 1, of the part of the audience that chose the recipients; 0 for single messages.
alter table chunk add column segment int not null default 0;
alter table handover add column segment int not null default 0;
alter table due_retry add column segment int not null default 0;

--changeset audience-service:096-messages
alter table broadcast_run alter column messages
  set expression as (control ->> 'list_id' is null and control -> 'audience' is null);

--changeset audience-service:096-audience-member
-- Who was in a part of a broadcast's audience when it was frozen, in the order of the contacts' ids.
create table audience_member (
  id bigint generated always as identity primary key,
  broadcast_id uuid not null,
  -- From 1 for included parts, from -1 downwards for excluded ones.
  part int not null,
  contact_ids bigint[] not null,
  size int not null
);
create index audience_member_part on audience_member (broadcast_id, part, id);
