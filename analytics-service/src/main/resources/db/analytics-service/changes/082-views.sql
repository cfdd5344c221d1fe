--liquibase formatted sql

--changeset fanfare:082-broadcast-engagement-summary
--comment: For reports: what became of a broadcast and what its recipients did.
create view broadcast_engagement_summary as
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
    coalesce(sum(recipients) filter (where kind = 'button' and not machine), 0)::bigint
      as pressed_button,
    coalesce(sum(recipients) filter (where kind = 'bounced'), 0)::bigint as bounced,
    coalesce(sum(recipients) filter (where kind = 'complained' and not machine), 0)::bigint
      as complained,
    coalesce(sum(recipients) filter (where kind = 'unsubscribed' and not machine), 0)::bigint
      as unsubscribed
  from engagement_count c
  where c.broadcast_id = r.broadcast_id and c.channel = r.channel and c.variant = r.variant) e;

comment on view broadcast_engagement_summary is
  'A row for each broadcast, channel and variant of the content; a contact reached on two channels is two recipients';
comment on column broadcast_engagement_summary.broadcast_id is 'the broadcast';
comment on column broadcast_engagement_summary.tenant_id is 'whose broadcast it is';
comment on column broadcast_engagement_summary.channel is 'the channel, such as email';
comment on column broadcast_engagement_summary.variant is 'the variant of the content';
comment on column broadcast_engagement_summary.started_at is 'when its first command ended';
comment on column broadcast_engagement_summary.last_at is 'when its last command ended';
comment on column broadcast_engagement_summary.sent is 'recipients a message was sent to';
comment on column broadcast_engagement_summary.failed is 'recipients refused for good';
comment on column broadcast_engagement_summary.dead is 'recipients given up after their last try';
comment on column broadcast_engagement_summary.in_doubt is 'recipients of whom nobody can know whether they have it';
comment on column broadcast_engagement_summary.opened is 'recipients who opened it at least once, machines left out';
comment on column broadcast_engagement_summary.opened_by_machines is 'recipients for whom a machine opened it, such as a proxy of their mailbox';
comment on column broadcast_engagement_summary.clicked is 'recipients who clicked a link at least once, machines left out';
comment on column broadcast_engagement_summary.clicked_by_machines is 'recipients for whom a machine clicked, such as a scanner';
comment on column broadcast_engagement_summary.replied is 'recipients who replied';
comment on column broadcast_engagement_summary.pressed_button is 'recipients who pressed a button';
comment on column broadcast_engagement_summary.bounced is 'recipients whose message came back after it was sent, hard or soft';
comment on column broadcast_engagement_summary.complained is 'recipients who complained';
comment on column broadcast_engagement_summary.unsubscribed is 'recipients who unsubscribed';
comment on column broadcast_engagement_summary.open_rate is 'opened of sent; null when nothing was sent';
comment on column broadcast_engagement_summary.click_rate is 'clicked of sent; null when nothing was sent';
comment on column broadcast_engagement_summary.click_to_open_rate is 'clicked of opened; null when nobody opened it, above 1 where people click without showing images';
comment on column broadcast_engagement_summary.reply_rate is 'replied of sent; null when nothing was sent';
comment on column broadcast_engagement_summary.bounce_rate is 'bounced of sent; null when nothing was sent';
comment on column broadcast_engagement_summary.unsubscribe_rate is 'unsubscribed of sent; null when nothing was sent';
