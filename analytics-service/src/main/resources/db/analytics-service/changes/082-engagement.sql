--liquibase formatted sql

--changeset fanfare:082-counted-engagement
--comment: Dedupe rows of engagement events, as counted_event has them of delivery events. Dropped by partition.
create table counted_engagement (
  -- the day of the event
  ledger_day date not null,
  event_id uuid not null,
  primary key (ledger_day, event_id)
) partition by range (ledger_day);

create table counted_engagement_partition (
  ledger_day date primary key,
  last_counted_on date not null
);

--changeset fanfare:082-engagement-event
--comment: What each recipient did, as far as a verdict or a unique count may still depend on it; bounded for each recipient.
create table engagement_event (
  broadcast_id uuid not null,
  contact_id bigint not null,
  channel text not null,
  event_id uuid not null,
  variant text not null,
  kind text not null,
  link int not null,
  name text not null,
  value numeric,
  at timestamptz not null,
  sent_at timestamptz,
  utc_offset int,
  -- whether the event itself was said to be a machine's; a burst may make it one beside that
  machine boolean not null,
  primary key (broadcast_id, contact_id, channel, event_id)
);

--changeset fanfare:082-engagement-minute
--comment: The time series. Recipients are counted in the minute in which they first did it, by a link if that was a click.
create table engagement_minute (
  broadcast_id uuid not null,
  minute timestamptz not null,
  channel text not null,
  variant text not null,
  kind text not null,
  -- the number of the link of a click, else 0
  link int not null,
  machine boolean not null,
  events bigint not null,
  recipients bigint not null,
  primary key (broadcast_id, minute, channel, variant, kind, link, machine)
);

--changeset fanfare:082-engagement-link
--comment: Clicks by link, and the recipients who clicked it at least once.
create table engagement_link (
  broadcast_id uuid not null,
  channel text not null,
  variant text not null,
  link int not null,
  machine boolean not null,
  events bigint not null,
  recipients bigint not null,
  primary key (broadcast_id, channel, variant, link, machine)
);

create table engagement_link_target (
  broadcast_id uuid not null,
  channel text not null,
  variant text not null,
  link int not null,
  target text not null,
  primary key (broadcast_id, channel, variant, link)
);

--changeset fanfare:082-engagement-day
--comment: Days since a recipient's message was made, for cohorts. Recipients are counted on the day on which they first did it.
create table engagement_day (
  broadcast_id uuid not null,
  channel text not null,
  kind text not null,
  day int not null,
  machine boolean not null,
  events bigint not null,
  recipients bigint not null,
  primary key (broadcast_id, channel, kind, day, machine)
);

--changeset fanfare:082-engagement-week-hour
--comment: The heat map: weekday (1 is Monday) and hour where the contact is, or in UTC where nobody knows where that is.
create table engagement_week_hour (
  broadcast_id uuid not null,
  channel text not null,
  kind text not null,
  weekday int not null,
  hour int not null,
  zone_known boolean not null,
  machine boolean not null,
  events bigint not null,
  primary key (broadcast_id, channel, kind, weekday, hour, zone_known, machine)
);

--changeset fanfare:082-recipient-count-tenant
--comment: Finds the broadcasts of a tenant by when their first result came.
create index recipient_count_tenant on recipient_count (tenant_id, first_at);
