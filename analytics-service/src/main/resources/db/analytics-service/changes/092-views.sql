--liquibase formatted sql

--changeset fanfare:092-segment-performance
--comment: For reports: how the parts of the audiences of broadcasts did.
create view segment_performance as
select r.tenant_id, r.broadcast_id, r.segment, p.kind as part_kind, p.id as part_id,
  r.sent, r.failed, r.dead, r.in_doubt, r.skipped,
  e.opened, e.opened_by_machines, e.clicked, e.clicked_by_machines, e.replied, e.pressed_button,
  e.bounced, e.complained, e.unsubscribed,
  e.opened / nullif(r.sent, 0)::numeric as open_rate,
  e.clicked / nullif(r.sent, 0)::numeric as click_rate,
  e.clicked / nullif(e.opened, 0)::numeric as click_to_open_rate,
  e.replied / nullif(r.sent, 0)::numeric as reply_rate,
  e.bounced / nullif(r.sent, 0)::numeric as bounce_rate,
  e.complained / nullif(r.sent, 0)::numeric as complaint_rate,
  e.unsubscribed / nullif(r.sent, 0)::numeric as unsubscribe_rate
from (
  select tenant_id, broadcast_id, segment, sum(sent)::bigint as sent, sum(failed)::bigint as failed,
    sum(dead)::bigint as dead, sum(in_doubt)::bigint as in_doubt, sum(skipped)::bigint as skipped
  from recipient_segment group by tenant_id, broadcast_id, segment) r
left join audience_part p on p.broadcast_id = r.broadcast_id and p.segment = r.segment
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
  from engagement_segment c
  where c.broadcast_id = r.broadcast_id and c.segment = r.segment
    and c.tenant_id = r.tenant_id) e;

comment on view segment_performance is
  'A row for each tenant, broadcast and part of its audience, over all channels and variants; a contact reached on two channels is two recipients';
comment on column segment_performance.tenant_id is 'whose broadcast it is; filter by it';
comment on column segment_performance.broadcast_id is 'the broadcast';
comment on column segment_performance.segment is 'the number of the part in the audience of the broadcast, from 1; 0 for recipients of whom nobody knows it, and for single messages';
comment on column segment_performance.part_kind is 'list or segment; null where nobody knows';
comment on column segment_performance.part_id is 'the id of the list or segment, to compare it over several broadcasts; null where nobody knows';
comment on column segment_performance.sent is 'recipients a message was sent to';
comment on column segment_performance.failed is 'recipients refused for good';
comment on column segment_performance.dead is 'recipients given up after their last try';
comment on column segment_performance.in_doubt is 'recipients of whom nobody can know whether they have it';
comment on column segment_performance.skipped is 'recipients the worker had a reason not to send to';
comment on column segment_performance.opened is 'recipients who opened it at least once, machines left out';
comment on column segment_performance.opened_by_machines is 'recipients for whom a machine opened it, such as a proxy of their mailbox';
comment on column segment_performance.clicked is 'recipients who clicked a link at least once, machines left out';
comment on column segment_performance.clicked_by_machines is 'recipients for whom a machine clicked, such as a scanner';
comment on column segment_performance.replied is 'recipients who replied';
comment on column segment_performance.pressed_button is 'recipients who pressed a button';
comment on column segment_performance.bounced is 'recipients whose message came back after it was sent, hard or soft';
comment on column segment_performance.complained is 'recipients who complained';
comment on column segment_performance.unsubscribed is 'recipients who unsubscribed';
comment on column segment_performance.open_rate is 'opened of sent; null when nothing was sent';
comment on column segment_performance.click_rate is 'clicked of sent; null when nothing was sent';
comment on column segment_performance.click_to_open_rate is 'clicked of opened; null when nobody opened it, above 1 where people click without showing images';
comment on column segment_performance.reply_rate is 'replied of sent; null when nothing was sent';
comment on column segment_performance.bounce_rate is 'bounced of sent; null when nothing was sent';
comment on column segment_performance.complaint_rate is 'complained of sent; null when nothing was sent';
comment on column segment_performance.unsubscribe_rate is 'unsubscribed of sent; null when nothing was sent';
