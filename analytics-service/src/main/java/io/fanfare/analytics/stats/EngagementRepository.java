package io.fanfare.analytics.stats;

import io.fanfare.analytics.stats.Cohorts.Cohort;
import io.fanfare.analytics.stats.Cohorts.Day;
import io.fanfare.analytics.stats.HeatMap.Hour;
import io.fanfare.analytics.stats.LinkClicks.Link;
import io.fanfare.analytics.stats.RangePolicy.Range;
import io.fanfare.analytics.stats.TimeSeries.Point;
import io.fanfare.support.problem.ProblemException;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Reads what recipients did; roll-ups alone, so that no answer depends on how many there are. */
@Repository
@Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
class EngagementRepository {

  static final int MAX_LINKS = 1_000;

  private static final String ROWS =
      """
      select channel, variant, kind, name, machine, events, recipients, value_sum
      from engagement_count
      where broadcast_id = :broadcast and tenant_id = :tenant and events <> 0
      """;

  private static final String FIRST_AT =
      """
      select min(first_at) as first_at from recipient_count
      where broadcast_id = :broadcast and tenant_id = :tenant
      """;

  /** Sums of humans and machines apart, as each point and each link has them. */
  private static final String HUMANS_AND_MACHINES =
      """
        coalesce(sum(events) filter (where not machine), 0) as events,
        coalesce(sum(recipients) filter (where not machine), 0) as recipients,
        coalesce(sum(events) filter (where machine), 0) as machine_events,
        coalesce(sum(recipients) filter (where machine), 0) as machine_recipients
      """;

  private static final String SERIES =
      """
      select at, events, recipients, machine_events, machine_recipients
      from engagement_series
      where broadcast_id = :broadcast and kind = :kind and step = :step
        and (events <> 0 or machine_events <> 0)
        and at >= cast(:from as timestamptz) and at < cast(:to as timestamptz)
      order by at
      """;

  private static final String PART_SERIES =
      """
      select hour as at, sum(events) as events, sum(recipients) as recipients,
        sum(machine_events) as machine_events, sum(machine_recipients) as machine_recipients
      from engagement_hour
      where broadcast_id = :broadcast and kind = :kind and (events <> 0 or machine_events <> 0)
        and hour >= cast(:from as timestamptz) and hour < cast(:to as timestamptz)
        and (cast(:segment as int) is null or segment = :segment)
        and (cast(:channel as text) is null or channel = :channel)
        and (cast(:variant as text) is null or variant = :variant)
      group by hour order by hour
      """;

  private static final String LINK_SERIES =
      """
      select hour as at, events, recipients, machine_events, machine_recipients
      from engagement_link_hour
      where broadcast_id = :broadcast and channel = :channel and variant = :variant
        and link = :link and (events <> 0 or machine_events <> 0)
        and hour >= cast(:from as timestamptz) and hour < cast(:to as timestamptz)
      order by hour
      """;

  private static final String SENT_SERIES =
      """
      select date_trunc(cast(:step as text), minute, 'UTC') as at, sum(attempts) as events,
        sum(attempts) as recipients, 0 as machine_events, 0 as machine_recipients
      from minute_count
      where broadcast_id = :broadcast and outcome = :kind
        and minute >= cast(:from as timestamptz) and minute < cast(:to as timestamptz)
      group by 1 order by 1
      """;

  private static final String LINKS =
      "with clicks as (select channel, variant, link, "
          + HUMANS_AND_MACHINES
          + """
            from engagement_link where broadcast_id = :broadcast and events <> 0
            group by channel, variant, link)
          select c.*, t.target, r.sent from clicks c
          left join engagement_link_target t
            on t.broadcast_id = :broadcast and t.channel = c.channel and t.variant = c.variant
              and t.link = c.link
          left join recipient_count r
            on r.broadcast_id = :broadcast and r.channel = c.channel and r.variant = c.variant
          order by c.recipients desc, c.machine_recipients desc, c.channel, c.variant, c.link
          limit :limit
          """;

  /** The broadcasts that started within a time, whatever of them came when. */
  private static final String STARTED =
      """
      with started as (
        select broadcast_id, min(first_at) as started_at, sum(sent) as sent
        from recipient_count
        where tenant_id = :tenant and broadcast_id in (
          select broadcast_id from recipient_count
          where tenant_id = :tenant and first_at >= cast(:from as timestamptz)
            and first_at < cast(:to as timestamptz))
        group by broadcast_id
        having min(first_at) >= cast(:from as timestamptz))
      """;

  private static final String NAMED =
      """
      with started as (
        select broadcast_id, min(first_at) as started_at, sum(sent) as sent
        from recipient_count
        where tenant_id = :tenant and broadcast_id = any(cast(:broadcasts as uuid[]))
        group by broadcast_id)
      """;

  private static final String FIGURES =
      """
      , done as (
        select c.broadcast_id,
          sum(c.recipients) filter (where kind = 'opened' and not machine) as opened,
          sum(c.recipients) filter (where kind = 'clicked' and not machine) as clicked,
          sum(c.recipients) filter (where kind = 'replied' and not machine) as replied,
          sum(c.recipients) filter (where kind = 'button' and name = '' and not machine)
            as button,
          sum(c.recipients) filter (where kind = 'bounced') as bounced,
          sum(c.recipients) filter (where kind = 'complained' and not machine) as complained,
          sum(c.recipients) filter (where kind = 'unsubscribed' and not machine) as unsubscribed
        from engagement_count c join started s using (broadcast_id)
        where c.tenant_id = :tenant and kind <> 'custom'
        group by c.broadcast_id)
      select broadcast_id, s.started_at, s.sent,
        coalesce(opened, 0) as opened, coalesce(clicked, 0) as clicked,
        coalesce(replied, 0) as replied, coalesce(button, 0) as button,
        coalesce(bounced, 0) as bounced, coalesce(complained, 0) as complained,
        coalesce(unsubscribed, 0) as unsubscribed
      from started s left join done d using (broadcast_id)
      """;

  private static final String COHORTS =
      STARTED
          + """
          , week as (
            select date_trunc('week', started_at, 'UTC') as week, count(*) as broadcasts,
              sum(sent) as sent
            from started group by 1),
          done as (
            select date_trunc('week', s.started_at, 'UTC') as week, d.day,
              sum(d.recipients) as recipients
            from started s join engagement_day d using (broadcast_id)
            where d.kind = :kind and not d.machine and d.day < :days
            group by 1, 2 having sum(d.recipients) <> 0)
          select w.week, w.broadcasts, w.sent, d.day, d.recipients
          from week w left join done d using (week) order by w.week, d.day
          """;

  private static final String WEEK_HOURS =
      """
      select weekday, hour, sum(events) as events, sum(machine_events) as machine_events,
        sum(without_zone) as without_zone
      from engagement_week join started using (broadcast_id)
      where kind = :kind and (events <> 0 or machine_events <> 0)
      group by weekday, hour order by weekday, hour
      """;

  private final JdbcClient jdbc;

  EngagementRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** What was done with a broadcast, as far as it is the tenant's. */
  List<Doings.Row> rows(UUID tenantId, UUID broadcastId) {
    return jdbc.sql(ROWS)
        .param("broadcast", broadcastId)
        .param("tenant", tenantId)
        .query((row, number) ->
            new Doings.Row(
                row.getString("channel"),
                row.getString("variant"),
                row.getString("kind"),
                row.getString("name"),
                row.getBoolean("machine"),
                row.getLong("events"),
                row.getLong("recipients"),
                decimal(row, "value_sum")))
        .list();
  }

  /**
   * When the first command of a broadcast of the tenant ended.
   *
   * @throws ProblemException 404 when none has
   */
  Instant startOf(UUID tenantId, UUID broadcastId) {
    return jdbc.sql(FIRST_AT)
        .param("broadcast", broadcastId)
        .param("tenant", tenantId)
        .query((row, number) -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class)))
        .single()
        .map(OffsetDateTime::toInstant)
        .orElseThrow(() -> ProblemException.notFound("broadcast", broadcastId));
  }

  /** The points of a series; {@code sent} is one of the kinds. */
  List<Point> series(UUID broadcastId, String kind, String step, Range range) {
    return points(
        jdbc.sql(kind.equals("sent") ? SENT_SERIES : SERIES)
            .param("broadcast", broadcastId)
            .param("kind", kind)
            .param("step", step),
        range);
  }

  /** The points of a part, by the hour; of a link the kind is {@code clicked}. */
  List<Point> series(UUID broadcastId, String kind, SeriesFilter filter, Range range) {
    StatementSpec statement =
        filter.link() == null
            ? jdbc.sql(PART_SERIES)
                .param("kind", kind)
                .param("segment", filter.segment(), Types.INTEGER)
            : jdbc.sql(LINK_SERIES).param("link", filter.link());
    return points(
        statement
            .param("broadcast", broadcastId)
            .param("channel", filter.channel(), Types.VARCHAR)
            .param("variant", filter.variant(), Types.VARCHAR),
        range);
  }

  private static List<Point> points(StatementSpec statement, Range range) {
    return statement
        .param("from", range.from().toString())
        .param("to", range.to().toString())
        .query((row, number) ->
            new Point(
                instant(row, "at"),
                row.getLong("events"),
                row.getLong("recipients"),
                row.getLong("machine_events"),
                row.getLong("machine_recipients")))
        .list();
  }

  List<Link> links(UUID broadcastId) {
    return jdbc.sql(LINKS)
        .param("broadcast", broadcastId)
        .param("limit", MAX_LINKS)
        .query((row, number) -> {
          long sent = row.getLong("sent");
          long recipients = row.getLong("recipients");
          return new Link(
              row.getString("channel"),
              row.getString("variant"),
              row.getInt("link"),
              row.getString("target"),
              row.getLong("events"),
              recipients,
              row.getLong("machine_events"),
              row.getLong("machine_recipients"),
              sent <= 0 ? null : (double) recipients / sent);
        })
        .list();
  }

  /** The broadcasts that started within a time, those with the most of something first. */
  List<BroadcastFigures> top(UUID tenantId, Range range, TopMetric metric, int limit) {
    return jdbc.sql(
            // The order is one of the constants of the metrics, never a text of a request.
            STARTED
                + FIGURES
                + " order by "
                + metric.order()
                + " desc nulls last, broadcast_id limit :limit")
        .param("tenant", tenantId)
        .param("from", range.from().toString())
        .param("to", range.to().toString())
        .param("limit", limit)
        .query((row, number) -> figures(row))
        .list();
  }

  /** Those of the broadcasts that are the tenant's, in the order in which they are named. */
  List<BroadcastFigures> figures(UUID tenantId, List<UUID> broadcastIds) {
    Map<UUID, BroadcastFigures> found =
        jdbc
            .sql(NAMED + FIGURES)
            .param("tenant", tenantId)
            .param("broadcasts", texts(broadcastIds))
            .query((row, number) -> figures(row))
            .list()
            .stream()
            .collect(Collectors.toMap(BroadcastFigures::broadcastId, figures -> figures));
    List<BroadcastFigures> ordered = new ArrayList<>();
    for (UUID id : broadcastIds) {
      BroadcastFigures figures = found.get(id);
      if (figures != null) {
        ordered.add(figures);
      }
    }
    return ordered;
  }

  List<Cohort> cohorts(UUID tenantId, Range range, String kind, int days) {
    SortedMap<LocalDate, Cohort> cohorts = new TreeMap<>();
    jdbc.sql(COHORTS)
        .param("tenant", tenantId)
        .param("from", range.from().toString())
        .param("to", range.to().toString())
        .param("kind", kind)
        .param("days", days)
        .query(row -> {
          LocalDate week = instant(row, "week").atZone(ZoneOffset.UTC).toLocalDate();
          long sent = row.getLong("sent");
          Cohort cohort = cohorts.get(week);
          if (cohort == null) {
            cohort = new Cohort(week, row.getLong("broadcasts"), sent, new ArrayList<>());
            cohorts.put(week, cohort);
          }
          Integer day = row.getObject("day", Integer.class);
          if (day != null) {
            long recipients = row.getLong("recipients");
            long byThen = recipients + cohort.days().stream().mapToLong(Day::recipients).sum();
            cohort.days().add(new Day(day, recipients, sent <= 0 ? null : (double) byThen / sent));
          }
        });
    return List.copyOf(cohorts.values());
  }

  /** The hours of one broadcast of the tenant. */
  HeatMap heatMap(UUID tenantId, UUID broadcastId, String kind) {
    return heatMap(
        jdbc.sql(NAMED + WEEK_HOURS)
            .param("tenant", tenantId)
            .param("broadcasts", texts(List.of(broadcastId)))
            .param("kind", kind),
        kind);
  }

  /** The hours of all broadcasts that started within a time. */
  HeatMap heatMap(UUID tenantId, Range range, String kind) {
    return heatMap(
        jdbc.sql(STARTED + WEEK_HOURS)
            .param("tenant", tenantId)
            .param("from", range.from().toString())
            .param("to", range.to().toString())
            .param("kind", kind),
        kind);
  }

  private static HeatMap heatMap(StatementSpec statement, String kind) {
    List<Hour> hours = new ArrayList<>();
    long[] withoutZone = {0};
    statement.query(row -> {
      hours.add(
          new Hour(
              row.getInt("weekday"),
              row.getInt("hour"),
              row.getLong("events"),
              row.getLong("machine_events")));
      withoutZone[0] += row.getLong("without_zone");
    });
    return new HeatMap(kind, withoutZone[0], hours);
  }

  private static BroadcastFigures figures(ResultSet row) throws SQLException {
    SortedMap<String, Long> recipients = new TreeMap<>();
    List<Doings.Row> rows = new ArrayList<>();
    for (String kind : Doings.KINDS) {
      long count = row.getLong(kind);
      recipients.put(kind, count);
      rows.add(new Doings.Row("", "", kind, "", false, 0, count, BigDecimal.ZERO));
    }
    long sent = row.getLong("sent");
    return new BroadcastFigures(
        row.getObject("broadcast_id", UUID.class),
        instant(row, "started_at"),
        sent,
        recipients,
        Rates.of(Doings.of(rows), sent));
  }

  private static String[] texts(Collection<UUID> ids) {
    return ids.stream().map(UUID::toString).toArray(String[]::new);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static BigDecimal decimal(ResultSet row, String column) throws SQLException {
    @Nullable BigDecimal value = row.getBigDecimal(column);
    return value == null ? BigDecimal.ZERO : value;
  }
}
