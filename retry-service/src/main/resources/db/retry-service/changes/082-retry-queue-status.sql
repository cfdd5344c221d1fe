--liquibase formatted sql

--changeset fanfare:082-retry-queue-status
--comment: For reports: what waits, is held and was given up, by broadcast and channel.
create view retry_queue_status as
with queue as (
  select r.broadcast_id, r.tenant_id, r.channel,
    count(*) filter (where r.due_at <= now() and not h.held) as due,
    count(*) filter (where r.due_at > now() and not h.held) as waiting,
    count(*) filter (where h.held) as held,
    min(r.due_at) as next_due_at
  from retry r
  join broadcast_policy p using (broadcast_id)
  cross join lateral (
    select p.state = 'paused' or exists (select from global_stop where stopped) as held) h
  where r.due_at is not null and (r.bucket <> 'in_doubt' or r.granted or p.resends_in_doubt)
  group by r.broadcast_id, r.tenant_id, r.channel
), given_up as (
  select broadcast_id, tenant_id, channel, count(*) as dead
  from dead_letter where state = 'open'
  group by broadcast_id, tenant_id, channel
)
select broadcast_id, tenant_id, channel,
  coalesce(due, 0) as due, coalesce(waiting, 0) as waiting, coalesce(held, 0) as held,
  coalesce(dead, 0) as dead, next_due_at
from queue full join given_up using (broadcast_id, tenant_id, channel);

comment on view retry_queue_status is
  'A row for each broadcast and channel with retries to come or open dead letters';
comment on column retry_queue_status.broadcast_id is 'the broadcast';
comment on column retry_queue_status.tenant_id is 'whose broadcast it is';
comment on column retry_queue_status.channel is 'the channel, such as email';
comment on column retry_queue_status.due is
  'recipients whose time has come: released as soon as their lane has room';
comment on column retry_queue_status.waiting is 'recipients whose time is yet to come';
comment on column retry_queue_status.held is
  'recipients held by a pause of the broadcast or the stop of all sending, whenever due';
comment on column retry_queue_status.dead is 'open dead letters: given up, and not decided on since';
comment on column retry_queue_status.next_due_at is 'when the first of them is or was due';
