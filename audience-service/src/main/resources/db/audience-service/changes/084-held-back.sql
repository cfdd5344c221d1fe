--liquibase formatted sql

--changeset audience-service:084-held-back
-- Recipients of a test that are pending and must not be released yet, as the freeze left them: none of them moves before it may.
create table held_back (
  broadcast_id uuid not null,
  channel text not null,
  account_id uuid not null,
  shard int not null,
  variant text not null,
  -- Null: until the winner is known.
  due_at timestamptz,
  recipients bigint not null,
  primary key (broadcast_id, channel, account_id, shard, variant)
);

--changeset audience-service:084-held-back-now
-- Follows from the newest control alone, so whichever of freeze and winner is committed first, nobody is left out.
create view held_back_now as
select h.broadcast_id, h.channel, h.account_id, h.shard, sum(h.recipients) as recipients
from held_back h join broadcast_run r on r.broadcast_id = h.broadcast_id
where case when h.due_at is null then r.control ->> 'winner' is null else h.due_at > now() end
group by h.broadcast_id, h.channel, h.account_id, h.shard;
