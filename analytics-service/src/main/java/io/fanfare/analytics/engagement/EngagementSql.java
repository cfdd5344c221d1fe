package io.fanfare.analytics.engagement;

/** The statements that add to the figures of engagement; rows in, as arrays of columns. */
final class EngagementSql {

  static final String KEEP =
      """
      insert into engagement_event (broadcast_id, contact_id, channel, event_id, variant, kind,
        link, name, value, at, sent_at, utc_offset, machine, segment)
      select * from unnest(
        cast(:broadcasts as uuid[]), cast(:contacts as bigint[]), cast(:channels as text[]),
        cast(:ids as uuid[]), cast(:variants as text[]), cast(:kinds as text[]),
        cast(:links as int[]), cast(:names as text[]), cast(:values as numeric[]),
        cast(:ats as timestamptz[]), cast(:sentAts as timestamptz[]), cast(:offsets as int[]),
        cast(:machines as boolean[]), cast(:segments as int[]))
      """;

  static final String SEALED =
      """
      select broadcast_id from sealed_broadcast
      where broadcast_id = any(cast(:broadcasts as uuid[]))
      """;

  static final String ADD_TOTALS =
      """
      insert into engagement_count as c (broadcast_id, channel, variant, kind, name, machine,
        tenant_id, events, recipients, value_sum, value_squares)
      select * from unnest(
        cast(:broadcasts as uuid[]), cast(:channels as text[]), cast(:variants as text[]),
        cast(:kinds as text[]), cast(:names as text[]), cast(:machines as boolean[]),
        cast(:tenants as uuid[]), cast(:events as bigint[]), cast(:recipients as bigint[]),
        cast(:sums as numeric[]), cast(:squares as numeric[]))
      on conflict (broadcast_id, channel, variant, kind, name, machine) do update set
        events = c.events + excluded.events,
        recipients = c.recipients + excluded.recipients,
        value_sum = c.value_sum + excluded.value_sum,
        value_squares = c.value_squares + excluded.value_squares
      """;

  static final String ADD_SEGMENTS =
      """
      insert into engagement_segment as c (broadcast_id, segment, channel, variant, kind, name,
        machine, tenant_id, events, recipients, value_sum)
      select * from unnest(
        cast(:broadcasts as uuid[]), cast(:segments as int[]), cast(:channels as text[]),
        cast(:variants as text[]), cast(:kinds as text[]), cast(:names as text[]),
        cast(:machines as boolean[]), cast(:tenants as uuid[]), cast(:events as bigint[]),
        cast(:recipients as bigint[]), cast(:sums as numeric[]))
      on conflict (broadcast_id, segment, channel, variant, kind, name, machine) do update set
        events = c.events + excluded.events,
        recipients = c.recipients + excluded.recipients,
        value_sum = c.value_sum + excluded.value_sum
      """;

  static final String ADD_POINTS =
      """
      insert into engagement_series as c (broadcast_id, kind, step, at, events, recipients,
        machine_events, machine_recipients)
      select broadcast_id, kind, step, at,
        coalesce(sum(events) filter (where not machine), 0),
        coalesce(sum(recipients) filter (where not machine), 0),
        coalesce(sum(events) filter (where machine), 0),
        coalesce(sum(recipients) filter (where machine), 0)
      from unnest(
        cast(:broadcasts as uuid[]), cast(:kinds as text[]), cast(:steps as text[]),
        cast(:ats as timestamptz[]), cast(:machines as boolean[]), cast(:events as bigint[]),
        cast(:recipients as bigint[]))
        as e (broadcast_id, kind, step, at, machine, events, recipients)
      group by broadcast_id, kind, step, at order by broadcast_id, kind, step, at
      on conflict (broadcast_id, kind, step, at) do update set
        events = c.events + excluded.events,
        recipients = c.recipients + excluded.recipients,
        machine_events = c.machine_events + excluded.machine_events,
        machine_recipients = c.machine_recipients + excluded.machine_recipients
      """;

  static final String ADD_HOURS =
      """
      insert into engagement_hour as c (broadcast_id, kind, hour, segment, channel, variant,
        events, recipients, machine_events, machine_recipients)
      select broadcast_id, kind, hour, segment, channel, variant,
        coalesce(sum(events) filter (where not machine), 0),
        coalesce(sum(recipients) filter (where not machine), 0),
        coalesce(sum(events) filter (where machine), 0),
        coalesce(sum(recipients) filter (where machine), 0)
      from unnest(
        cast(:broadcasts as uuid[]), cast(:kinds as text[]), cast(:hours as timestamptz[]),
        cast(:segments as int[]), cast(:channels as text[]), cast(:variants as text[]),
        cast(:machines as boolean[]), cast(:events as bigint[]), cast(:recipients as bigint[]))
        as e (broadcast_id, kind, hour, segment, channel, variant, machine, events, recipients)
      group by broadcast_id, kind, hour, segment, channel, variant
      order by broadcast_id, kind, hour, segment, channel, variant
      on conflict (broadcast_id, kind, hour, segment, channel, variant) do update set
        events = c.events + excluded.events,
        recipients = c.recipients + excluded.recipients,
        machine_events = c.machine_events + excluded.machine_events,
        machine_recipients = c.machine_recipients + excluded.machine_recipients
      """;

  static final String ADD_LINK_HOURS =
      """
      insert into engagement_link_hour as c (broadcast_id, channel, variant, link, hour, events,
        recipients, machine_events, machine_recipients)
      select broadcast_id, channel, variant, link, hour,
        coalesce(sum(events) filter (where not machine), 0),
        coalesce(sum(recipients) filter (where not machine), 0),
        coalesce(sum(events) filter (where machine), 0),
        coalesce(sum(recipients) filter (where machine), 0)
      from unnest(
        cast(:broadcasts as uuid[]), cast(:channels as text[]), cast(:variants as text[]),
        cast(:links as int[]), cast(:hours as timestamptz[]), cast(:machines as boolean[]),
        cast(:events as bigint[]), cast(:recipients as bigint[]))
        as e (broadcast_id, channel, variant, link, hour, machine, events, recipients)
      group by broadcast_id, channel, variant, link, hour
      order by broadcast_id, channel, variant, link, hour
      on conflict (broadcast_id, channel, variant, link, hour) do update set
        events = c.events + excluded.events,
        recipients = c.recipients + excluded.recipients,
        machine_events = c.machine_events + excluded.machine_events,
        machine_recipients = c.machine_recipients + excluded.machine_recipients
      """;

  static final String ADD_LINKS =
      """
      insert into engagement_link as c (broadcast_id, channel, variant, link, machine, events,
        recipients)
      select * from unnest(
        cast(:broadcasts as uuid[]), cast(:channels as text[]), cast(:variants as text[]),
        cast(:links as int[]), cast(:machines as boolean[]), cast(:events as bigint[]),
        cast(:recipients as bigint[]))
      on conflict (broadcast_id, channel, variant, link, machine) do update set
        events = c.events + excluded.events, recipients = c.recipients + excluded.recipients
      """;

  /** The least of all there were, so that it is the same in whatever order they come. */
  static final String ADD_TARGETS =
      """
      insert into engagement_link_target as c (broadcast_id, channel, variant, link, target)
      select * from unnest(
        cast(:broadcasts as uuid[]), cast(:channels as text[]), cast(:variants as text[]),
        cast(:links as int[]), cast(:targets as text[]))
      on conflict (broadcast_id, channel, variant, link) do update set target = excluded.target
      where excluded.target collate "C" < c.target collate "C"
      """;

  static final String ADD_DAYS =
      """
      insert into engagement_day as c (broadcast_id, channel, kind, day, machine, events,
        recipients)
      select * from unnest(
        cast(:broadcasts as uuid[]), cast(:channels as text[]), cast(:kinds as text[]),
        cast(:days as int[]), cast(:machines as boolean[]), cast(:events as bigint[]),
        cast(:recipients as bigint[]))
      on conflict (broadcast_id, channel, kind, day, machine) do update set
        events = c.events + excluded.events, recipients = c.recipients + excluded.recipients
      """;

  static final String ADD_WEEK_HOURS =
      """
      insert into engagement_week as c (broadcast_id, kind, weekday, hour, events, machine_events,
        without_zone)
      select broadcast_id, kind, weekday, hour,
        coalesce(sum(events) filter (where not machine), 0),
        coalesce(sum(events) filter (where machine), 0),
        coalesce(sum(events) filter (where not machine and not zone_known), 0)
      from unnest(
        cast(:broadcasts as uuid[]), cast(:kinds as text[]), cast(:weekdays as int[]),
        cast(:hours as int[]), cast(:zoneKnown as boolean[]), cast(:machines as boolean[]),
        cast(:events as bigint[]))
        as e (broadcast_id, kind, weekday, hour, zone_known, machine, events)
      group by broadcast_id, kind, weekday, hour order by broadcast_id, kind, weekday, hour
      on conflict (broadcast_id, kind, weekday, hour) do update set
        events = c.events + excluded.events,
        machine_events = c.machine_events + excluded.machine_events,
        without_zone = c.without_zone + excluded.without_zone
      """;

  private EngagementSql() {}
}
