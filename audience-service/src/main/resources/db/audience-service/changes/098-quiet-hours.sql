--liquibase formatted sql

--changeset audience-service:098-quiet-hours
-- contact_id: 0 stands for every contact of the tenant. Without times: the contact has none, whatever the tenant's are.
create table quiet_hours (
  tenant_id uuid not null,
  contact_id bigint not null,
  begins time,
  ends time,
  -- Where contacts are that have no time zone; of the tenant's alone.
  zone text,
  primary key (tenant_id, contact_id)
);

--changeset audience-service:098-put-off
-- Pending recipients that were put off because of quiet hours. None of them moves before its time.
create table put_off (
  broadcast_id uuid not null,
  channel text not null,
  account_id uuid not null,
  shard int not null,
  due_at timestamptz not null,
  recipients bigint not null,
  primary key (broadcast_id, channel, account_id, shard, due_at)
);

-- A retry waits for the end of quiet hours too.
alter table due_retry add column not_before timestamptz;

--changeset audience-service:098-held-back-now
create or replace view held_back_now as
select w.broadcast_id, w.channel, w.account_id, w.shard, sum(w.recipients) as recipients
from (
  select h.broadcast_id, h.channel, h.account_id, h.shard, h.recipients
  from held_back h join broadcast_run r on r.broadcast_id = h.broadcast_id
  where case when h.due_at is null then r.control ->> 'winner' is null else h.due_at > now() end
  union all
  select p.broadcast_id, p.channel, p.account_id, p.shard, p.recipients
  from put_off p where p.due_at > now()
) w
group by w.broadcast_id, w.channel, w.account_id, w.shard;
