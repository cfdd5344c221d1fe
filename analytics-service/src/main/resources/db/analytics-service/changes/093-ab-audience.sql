--liquibase formatted sql

--changeset fanfare:093-ab-audience
--comment: How large the variants of a test were frozen, which may be known before the test is.
create table ab_audience (
  broadcast_id uuid not null,
  channel text not null,
  -- a to h, or winner for those who wait for it
  variant text not null,
  tenant_id uuid not null,
  recipients bigint not null,
  primary key (broadcast_id, channel, variant)
);

--changeset fanfare:093-unsent
--comment: Frozen recipients of a variant that nothing had become of at a look.
alter table ab_look_variant add column unsent bigint not null default 0;

--changeset fanfare:093-button-names
--comment: A button that has a name is counted by it too; the row without a name counts each recipient once over all of them.
create or replace view broadcast_engagement_summary as
select r.broadcast_id, r.tenant_id, r.channel, r.variant, r.first_at as started_at, r.last_at,
  r.sent, r.failed, r.dead, r.in_doubt,
  e.opened, e.opened_by_machines, e.clicked, e.clicked_by_machines, e.replied, e.pressed_button,
  e.bounced, e.complained, e.unsubscribed,
  e.opened / nullif(r.sent, 0)::numeric as open_rate,
  e.clicked / nullif(r.sent, 0)::numeric as click_rate,
  e.clicked / nullif(e.opened, 0)::numeric as click_to_open_rate,
  e.replied / nullif(r.sent, 0)::numeric as reply_rate,
  e.bounced / nullif(r.sent, 0)::numeric as bounce_rate,
  e.unsubscribed / nullif(r.sent, 0)::numeric as unsubscribe_rate
from recipient_count r
cross join lateral (
  select
    coalesce(sum(recipients) filter (where kind = 'opened' and not machine), 0)::bigint as opened,
    coalesce(sum(recipients) filter (where kind = 'opened' and machine), 0)::bigint
      as opened_by_machines,
    coalesce(sum(recipients) filter (where kind = 'clicked' and not machine), 0)::bigint
      as clicked,
    coalesce(sum(recipients) filter (where kind = 'clicked' and machine), 0)::bigint
      as clicked_by_machines,
    coalesce(sum(recipients) filter (where kind = 'replied' and not machine), 0)::bigint
      as replied,
    coalesce(sum(recipients) filter (where kind = 'button' and name = '' and not machine), 0)::bigint
      as pressed_button,
    coalesce(sum(recipients) filter (where kind = 'bounced'), 0)::bigint as bounced,
    coalesce(sum(recipients) filter (where kind = 'complained' and not machine), 0)::bigint
      as complained,
    coalesce(sum(recipients) filter (where kind = 'unsubscribed' and not machine), 0)::bigint
      as unsubscribed
  from engagement_count c
  where c.broadcast_id = r.broadcast_id and c.channel = r.channel and c.variant = r.variant) e;
