--liquibase formatted sql

--changeset audience-service:099-preferred-hour
-- The hour of the day, by his own clock, at which a contact likes to get messages.
create table preferred_hour (
  tenant_id uuid not null,
  contact_id bigint not null,
  hour int not null check (hour between 0 and 23),
  primary key (tenant_id, contact_id)
);

--changeset audience-service:099-held-back
-- Recipients of one variant may wait for many times: one for each time zone.
alter table held_back drop constraint held_back_pkey;
create unique index held_back_key
  on held_back (broadcast_id, channel, account_id, shard, variant, due_at) nulls not distinct;

--changeset audience-service:099-held-back-now
-- The hold-back waits for the winner and for the time of its contacts, whichever comes last.
create or replace view held_back_now as
select w.broadcast_id, w.channel, w.account_id, w.shard, sum(w.recipients) as recipients
from (
  select h.broadcast_id, h.channel, h.account_id, h.shard, h.recipients
  from held_back h join broadcast_run r on r.broadcast_id = h.broadcast_id
  where h.due_at > now() or (h.variant = 'winner' and r.control ->> 'winner' is null)
  union all
  select p.broadcast_id, p.channel, p.account_id, p.shard, p.recipients
  from put_off p where p.due_at > now()
) w
group by w.broadcast_id, w.channel, w.account_id, w.shard;
