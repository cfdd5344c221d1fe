package io.fanfare.analytics.engagement;

import io.fanfare.analytics.counting.Figures;
import io.fanfare.analytics.engagement.EngagementTally.Kept;
import io.fanfare.analytics.engagement.EngagementTally.Link;
import io.fanfare.analytics.engagement.EngagementTally.Row;
import io.fanfare.analytics.engagement.Figure.OfDay;
import io.fanfare.analytics.engagement.Figure.OfHour;
import io.fanfare.analytics.engagement.Figure.OfLink;
import io.fanfare.analytics.engagement.Figure.OfLinkHour;
import io.fanfare.analytics.engagement.Figure.OfPoint;
import io.fanfare.analytics.engagement.Figure.OfSegment;
import io.fanfare.analytics.engagement.Figure.OfWeekHour;
import io.fanfare.analytics.engagement.Figure.Total;
import io.fanfare.contract.engagement.EngagementEvent;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Adds engagement events to the figures, one statement per table. */
final class EngagementFigures implements Figures<EngagementEvent> {

  private static final Comparator<Total> TOTALS =
      Comparator.comparing(Total::variant)
          .thenComparing(Total::kind)
          .thenComparing(Total::name)
          .thenComparing(Total::machine);

  private static final Comparator<OfSegment> SEGMENTS =
      Comparator.comparing(OfSegment::segment)
          .thenComparing(OfSegment::variant)
          .thenComparing(OfSegment::kind)
          .thenComparing(OfSegment::name)
          .thenComparing(OfSegment::machine);

  private static final Comparator<OfPoint> POINTS =
      Comparator.comparing(OfPoint::kind)
          .thenComparing(OfPoint::step)
          .thenComparing(OfPoint::at)
          .thenComparing(OfPoint::machine);

  private static final Comparator<OfHour> HOURS =
      Comparator.comparing(OfHour::kind)
          .thenComparing(OfHour::hour)
          .thenComparing(OfHour::segment)
          .thenComparing(OfHour::variant)
          .thenComparing(OfHour::machine);

  private static final Comparator<OfLinkHour> LINK_HOURS =
      Comparator.comparing(OfLinkHour::variant)
          .thenComparing(OfLinkHour::link)
          .thenComparing(OfLinkHour::hour)
          .thenComparing(OfLinkHour::machine);

  private static final Comparator<OfLink> LINKS =
      Comparator.comparing(OfLink::variant)
          .thenComparing(OfLink::link)
          .thenComparing(OfLink::machine);

  private static final Comparator<OfDay> DAYS =
      Comparator.comparing(OfDay::kind).thenComparing(OfDay::day).thenComparing(OfDay::machine);

  private static final Comparator<OfWeekHour> WEEK_HOURS =
      Comparator.comparing(OfWeekHour::kind)
          .thenComparing(OfWeekHour::weekday)
          .thenComparing(OfWeekHour::hour)
          .thenComparing(OfWeekHour::zoneKnown)
          .thenComparing(OfWeekHour::machine);

  private final JdbcClient jdbc;
  private final RecipientEventRepository recipientEvents;

  EngagementFigures(JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.recipientEvents = new RecipientEventRepository(jdbc);
  }

  @Override
  public void add(List<EngagementEvent> events) {
    Set<Recipient> recipients =
        events.stream().map(Recipient::of).collect(Collectors.toUnmodifiableSet());
    Map<Recipient, List<RecipientEvent>> known = recipientEvents.find(recipients);
    EngagementTally tally = EngagementTally.of(events, known);
    keep(tally.kept());
    addTotals(tally.rows(Total.class, TOTALS));
    addSegments(tally.rows(OfSegment.class, SEGMENTS));
    addPoints(tally.rows(OfPoint.class, POINTS));
    addHours(tally.rows(OfHour.class, HOURS));
    addLinkHours(tally.rows(OfLinkHour.class, LINK_HOURS));
    addLinks(tally.rows(OfLink.class, LINKS));
    addTargets(tally.targets());
    addDays(tally.rows(OfDay.class, DAYS));
    addWeekHours(tally.rows(OfWeekHour.class, WEEK_HOURS));
  }

  @Override
  public List<EngagementEvent> late(List<EngagementEvent> events) {
    Set<UUID> broadcasts =
        events.stream().map(EngagementEvent::broadcastId).collect(Collectors.toUnmodifiableSet());
    List<UUID> sealed =
        jdbc.sql(EngagementSql.SEALED)
            .param("broadcasts", texts(broadcasts, broadcast -> broadcast))
            .query((row, number) -> row.getObject(1, UUID.class))
            .list();
    return sealed.isEmpty()
        ? List.of()
        : events.stream().filter(event -> sealed.contains(event.broadcastId())).toList();
  }

  private void keep(List<Kept> kept) {
    if (kept.isEmpty()) {
      return;
    }
    jdbc.sql(EngagementSql.KEEP)
        .param("broadcasts", texts(kept, row -> row.recipient().broadcastId()))
        .param("contacts", texts(kept, row -> row.recipient().contactId()))
        .param("channels", texts(kept, row -> row.recipient().channel()))
        .param("ids", texts(kept, row -> row.event().id()))
        .param("variants", texts(kept, row -> row.event().variant()))
        .param("kinds", texts(kept, row -> row.event().kind().id()))
        .param("links", texts(kept, row -> row.event().link()))
        .param("names", texts(kept, row -> row.event().name()))
        .param("values", texts(kept, row -> row.event().value()))
        .param("ats", texts(kept, row -> row.event().at()))
        .param("sentAts", texts(kept, row -> row.event().sentAt()))
        .param("offsets", texts(kept, row -> row.event().utcOffset()))
        .param("machines", texts(kept, row -> row.event().machine()))
        .param("segments", texts(kept, row -> row.event().segment()))
        .update();
  }

  private void addTotals(List<Row<Total>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    counts(EngagementSql.ADD_TOTALS, rows)
        .param("variants", texts(rows, row -> row.figure().variant()))
        .param("kinds", texts(rows, row -> row.figure().kind().id()))
        .param("names", texts(rows, row -> row.figure().name()))
        .param("machines", texts(rows, row -> row.figure().machine()))
        .param("tenants", texts(rows, row -> row.subject().tenantId()))
        .param("recipients", texts(rows, row -> row.sum().recipients()))
        .param("sums", texts(rows, row -> row.sum().value().toPlainString()))
        .param("squares", texts(rows, row -> row.sum().squares().toPlainString()))
        .update();
  }

  private void addSegments(List<Row<OfSegment>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    counts(EngagementSql.ADD_SEGMENTS, rows)
        .param("segments", texts(rows, row -> row.figure().segment()))
        .param("variants", texts(rows, row -> row.figure().variant()))
        .param("kinds", texts(rows, row -> row.figure().kind().id()))
        .param("names", texts(rows, row -> row.figure().name()))
        .param("machines", texts(rows, row -> row.figure().machine()))
        .param("tenants", texts(rows, row -> row.subject().tenantId()))
        .param("recipients", texts(rows, row -> row.sum().recipients()))
        .param("sums", texts(rows, row -> row.sum().value().toPlainString()))
        .update();
  }

  private void addPoints(List<Row<OfPoint>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    events(EngagementSql.ADD_POINTS, rows)
        .param("kinds", texts(rows, row -> row.figure().kind().id()))
        .param("steps", texts(rows, row -> row.figure().step().id()))
        .param("ats", texts(rows, row -> row.figure().at()))
        .param("machines", texts(rows, row -> row.figure().machine()))
        .param("recipients", texts(rows, row -> row.sum().recipients()))
        .update();
  }

  private void addHours(List<Row<OfHour>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    counts(EngagementSql.ADD_HOURS, rows)
        .param("kinds", texts(rows, row -> row.figure().kind().id()))
        .param("hours", texts(rows, row -> row.figure().hour()))
        .param("segments", texts(rows, row -> row.figure().segment()))
        .param("variants", texts(rows, row -> row.figure().variant()))
        .param("machines", texts(rows, row -> row.figure().machine()))
        .param("recipients", texts(rows, row -> row.sum().recipients()))
        .update();
  }

  private void addLinkHours(List<Row<OfLinkHour>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    counts(EngagementSql.ADD_LINK_HOURS, rows)
        .param("variants", texts(rows, row -> row.figure().variant()))
        .param("links", texts(rows, row -> row.figure().link()))
        .param("hours", texts(rows, row -> row.figure().hour()))
        .param("machines", texts(rows, row -> row.figure().machine()))
        .param("recipients", texts(rows, row -> row.sum().recipients()))
        .update();
  }

  private void addLinks(List<Row<OfLink>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    counts(EngagementSql.ADD_LINKS, rows)
        .param("variants", texts(rows, row -> row.figure().variant()))
        .param("links", texts(rows, row -> row.figure().link()))
        .param("machines", texts(rows, row -> row.figure().machine()))
        .param("recipients", texts(rows, row -> row.sum().recipients()))
        .update();
  }

  private void addTargets(SortedMap<Link, String> targets) {
    if (targets.isEmpty()) {
      return;
    }
    Collection<Link> links = targets.keySet();
    jdbc.sql(EngagementSql.ADD_TARGETS)
        .param("broadcasts", texts(links, Link::broadcastId))
        .param("channels", texts(links, Link::channel))
        .param("variants", texts(links, Link::variant))
        .param("links", texts(links, Link::number))
        .param("targets", texts(targets.values(), target -> target))
        .update();
  }

  private void addDays(List<Row<OfDay>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    counts(EngagementSql.ADD_DAYS, rows)
        .param("kinds", texts(rows, row -> row.figure().kind().id()))
        .param("days", texts(rows, row -> row.figure().day()))
        .param("machines", texts(rows, row -> row.figure().machine()))
        .param("recipients", texts(rows, row -> row.sum().recipients()))
        .update();
  }

  private void addWeekHours(List<Row<OfWeekHour>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    events(EngagementSql.ADD_WEEK_HOURS, rows)
        .param("kinds", texts(rows, row -> row.figure().kind().id()))
        .param("weekdays", texts(rows, row -> row.figure().weekday()))
        .param("hours", texts(rows, row -> row.figure().hour()))
        .param("zoneKnown", texts(rows, row -> row.figure().zoneKnown()))
        .param("machines", texts(rows, row -> row.figure().machine()))
        .update();
  }

  /** The statement with what every roll-up has that tells channels apart. */
  private <F extends Figure> StatementSpec counts(String statement, List<Row<F>> rows) {
    return events(statement, rows).param("channels", texts(rows, row -> row.subject().channel()));
  }

  private <F extends Figure> StatementSpec events(String statement, List<Row<F>> rows) {
    return jdbc.sql(statement)
        .param("broadcasts", texts(rows, row -> row.subject().broadcastId()))
        .param("events", texts(rows, row -> row.sum().events()));
  }

  private static <T> @Nullable String[] texts(
      Collection<T> rows, Function<T, @Nullable Object> column) {
    @Nullable String[] texts = new String[rows.size()];
    int next = 0;
    for (T row : rows) {
      Object value = column.apply(row);
      texts[next++] = value == null ? null : value.toString();
    }
    return texts;
  }
}
