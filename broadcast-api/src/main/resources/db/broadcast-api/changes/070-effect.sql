--liquibase formatted sql

--changeset broadcast-api:070-outbox-key
-- Whether a broadcast's control waits for the broker is asked after each pause, also while much waits.
create index outbox_by_key on outbox (topic, record_key);

--changeset broadcast-api:070-forgetting
create table broadcast_content_key (
  broadcast_id uuid not null references broadcast (id) on delete cascade,
  record_key text not null,
  primary key (broadcast_id, record_key)
);
insert into broadcast_content_key (broadcast_id, record_key)
select b.id, b.id || ':a:' || c.channel
from broadcast b join broadcast_channel c on c.broadcast_id = b.id
where b.epoch > 0;

alter table broadcast add column forgotten_at timestamptz;
comment on column broadcast.forgotten_at is 'when its content and control were taken off the compacted topics';
create index broadcast_to_forget on broadcast (completed_at)
  where completed_at is not null and forgotten_at is null;
