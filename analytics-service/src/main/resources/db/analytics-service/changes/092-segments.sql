--liquibase formatted sql

--changeset fanfare:092-fence
--comment: The name that instances of older versions write to: they would count past the tables below. They wait and try again until they are replaced.
alter table consumer_offset rename column counted_at to advanced_at;

--changeset fanfare:092-recipient-segment
--comment: As recipient_count, by the part of the audience through which the recipient was chosen as well.
create table recipient_segment (
  broadcast_id uuid not null,
  -- the number of the part, from 1; 0 where nobody knows, and of single messages
  segment int not null,
  channel text not null,
  variant text not null,
  tenant_id uuid not null,
  sent bigint not null,
  failed bigint not null,
  dead bigint not null,
  in_doubt bigint not null,
  retrying bigint not null,
  skipped bigint not null,
  cancelled bigint not null,
  fell_back bigint not null,
  primary key (broadcast_id, segment, channel, variant)
);
insert into recipient_segment (broadcast_id, segment, channel, variant, tenant_id, sent, failed,
  dead, in_doubt, retrying, skipped, cancelled, fell_back)
select broadcast_id, 0, channel, variant, tenant_id, sent, failed, dead, in_doubt, retrying,
  skipped, cancelled, fell_back
from recipient_count;

--changeset fanfare:092-engagement-event-segment
alter table engagement_event add column segment int not null default 0;

--changeset fanfare:092-engagement-segment
--comment: As engagement_count, by the part of the audience as well.
create table engagement_segment (
  broadcast_id uuid not null,
  segment int not null,
  channel text not null,
  variant text not null,
  kind text not null,
  name text not null,
  machine boolean not null,
  tenant_id uuid not null,
  events bigint not null,
  recipients bigint not null,
  value_sum numeric not null,
  primary key (broadcast_id, segment, channel, variant, kind, name, machine)
);
insert into engagement_segment (broadcast_id, segment, channel, variant, kind, name, machine,
  tenant_id, events, recipients, value_sum)
select broadcast_id, 0, channel, variant, kind, name, machine, tenant_id, events, recipients,
  value_sum
from engagement_count where events <> 0;

--changeset fanfare:092-engagement-series
--comment: The time series of a broadcast: a row for each point of the answer.
create table engagement_series (
  broadcast_id uuid not null,
  kind text not null,
  -- minute or hour
  step text not null,
  at timestamptz not null,
  -- of humans; recipients are those who did it then for the first time
  events bigint not null,
  recipients bigint not null,
  machine_events bigint not null,
  machine_recipients bigint not null,
  primary key (broadcast_id, kind, step, at)
);
insert into engagement_series (broadcast_id, kind, step, at, events, recipients, machine_events,
  machine_recipients)
select broadcast_id, kind, 'minute', minute,
  coalesce(sum(events) filter (where not machine), 0),
  coalesce(sum(recipients) filter (where not machine), 0),
  coalesce(sum(events) filter (where machine), 0),
  coalesce(sum(recipients) filter (where machine), 0)
from engagement_minute group by broadcast_id, kind, minute
having sum(events) <> 0;
insert into engagement_series (broadcast_id, kind, step, at, events, recipients, machine_events,
  machine_recipients)
select broadcast_id, kind, 'hour', date_trunc('hour', at, 'UTC'), sum(events), sum(recipients),
  sum(machine_events), sum(machine_recipients)
from engagement_series group by broadcast_id, kind, date_trunc('hour', at, 'UTC');

--changeset fanfare:092-engagement-week
--comment: The heat map: a row for each hour of the answer.
create table engagement_week (
  broadcast_id uuid not null,
  kind text not null,
  -- 1 is Monday; where the contact is, or in UTC where nobody knows where that is
  weekday int not null,
  hour int not null,
  -- of humans
  events bigint not null,
  machine_events bigint not null,
  -- of the events of humans, those of whom nobody knows where the contact is
  without_zone bigint not null,
  primary key (broadcast_id, kind, weekday, hour)
);
insert into engagement_week (broadcast_id, kind, weekday, hour, events, machine_events,
  without_zone)
select broadcast_id, kind, weekday, hour,
  coalesce(sum(events) filter (where not machine), 0),
  coalesce(sum(events) filter (where machine), 0),
  coalesce(sum(events) filter (where not machine and not zone_known), 0)
from engagement_week_hour group by broadcast_id, kind, weekday, hour
having sum(events) <> 0;
drop table engagement_week_hour;

--changeset fanfare:092-engagement-hour
--comment: The time series of a part of a broadcast, by the hour.
create table engagement_hour (
  broadcast_id uuid not null,
  kind text not null,
  hour timestamptz not null,
  segment int not null,
  channel text not null,
  variant text not null,
  events bigint not null,
  recipients bigint not null,
  machine_events bigint not null,
  machine_recipients bigint not null,
  primary key (broadcast_id, kind, hour, segment, channel, variant)
);
insert into engagement_hour (broadcast_id, kind, hour, segment, channel, variant, events,
  recipients, machine_events, machine_recipients)
select broadcast_id, kind, date_trunc('hour', minute, 'UTC'), 0, channel, variant,
  coalesce(sum(events) filter (where not machine), 0),
  coalesce(sum(recipients) filter (where not machine), 0),
  coalesce(sum(events) filter (where machine), 0),
  coalesce(sum(recipients) filter (where machine), 0)
from engagement_minute
group by broadcast_id, kind, date_trunc('hour', minute, 'UTC'), channel, variant
having sum(events) <> 0;

--changeset fanfare:092-engagement-link-hour
--comment: The clicks of a link, by the hour.
create table engagement_link_hour (
  broadcast_id uuid not null,
  channel text not null,
  variant text not null,
  link int not null,
  hour timestamptz not null,
  -- of humans; recipients are those whose first click this was
  events bigint not null,
  recipients bigint not null,
  machine_events bigint not null,
  machine_recipients bigint not null,
  primary key (broadcast_id, channel, variant, link, hour)
);
insert into engagement_link_hour (broadcast_id, channel, variant, link, hour, events, recipients,
  machine_events, machine_recipients)
select broadcast_id, channel, variant, link, date_trunc('hour', minute, 'UTC'),
  coalesce(sum(events) filter (where not machine), 0),
  coalesce(sum(recipients) filter (where not machine), 0),
  coalesce(sum(events) filter (where machine), 0),
  coalesce(sum(recipients) filter (where machine), 0)
from engagement_minute where kind = 'clicked'
group by broadcast_id, channel, variant, link, date_trunc('hour', minute, 'UTC')
having sum(events) <> 0;
drop table engagement_minute;

--changeset fanfare:092-audience-part
--comment: The lists and segments a broadcast goes to, by their numbers, as its control has them.
create table audience_part (
  broadcast_id uuid not null,
  segment int not null,
  -- list or segment
  kind text not null,
  id uuid not null,
  primary key (broadcast_id, segment)
);
