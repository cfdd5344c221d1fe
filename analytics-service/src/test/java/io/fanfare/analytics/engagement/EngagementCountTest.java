package io.fanfare.analytics.engagement;

import static io.fanfare.analytics.EngagementHistory.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.analytics.AnalyticsUnderTest;
import io.fanfare.analytics.EngagementHistory;
import io.fanfare.contract.Channel;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import io.fanfare.localstack.testing.KafkaProbe;
import io.fanfare.localstack.testing.TestInfrastructure;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EngagementCountTest {

  private static final long SEED = System.nanoTime();
  private static final Random RANDOM = new Random(SEED);
  private static AnalyticsUnderTest analytics;

  private UUID broadcast;

  @BeforeAll
  static void open() {
    System.out.println("seed " + SEED);
    TestInfrastructure.resetTopics();
    analytics = new AnalyticsUnderTest();
    analytics.start(100);
  }

  @AfterAll
  static void close() {
    analytics.close();
  }

  @BeforeEach
  void newBroadcast() {
    broadcast = UUID.randomUUID();
  }

  @Test
  void countsEachEventOnceInWhateverOrderTheyComeAndHoweverOften() throws SQLException {
    var events = EngagementHistory.random(RANDOM, broadcast, 1_500);
    analytics.publishEngagement(EngagementHistory.withDuplicates(RANDOM, events));
    analytics.awaitCounted();
    assertThat(totals()).isEqualTo(recounted(events));
    for (var rollUp : List.of("engagement_segment", "parts", "minutes", "hours")) {
      assertThat(sums(rollUp)).as(rollUp).isEqualTo(sums("engagement_count"));
    }
    assertThat(
            analytics.number(
                "select sum(events + machine_events) from engagement_link_hour"
                    + " where broadcast_id = '"
                    + broadcast
                    + "'"))
        .isEqualTo(events.stream().filter(event -> event.kind() == Kind.CLICKED).count());
    assertThat(
            analytics.number(
                "select count(distinct segment) from engagement_segment where broadcast_id = '"
                    + broadcast
                    + "'"))
        .isEqualTo(3);
    var figures = analytics.figures();

    analytics.execute(List.of("update consumer_offset set next_offset = 0"));
    analytics.publishEngagement(events.subList(0, 100));
    analytics.awaitCounted();
    assertThat(analytics.figures()).isEqualTo(figures);
    assertThat(analytics.metrics())
        .contains("fanfare_events_counted_total{", "topic=\"engagement.events\"");
  }

  @Test
  void losingTheDatabaseInTheMiddleChangesNoFigure() throws Exception {
    var events = EngagementHistory.random(RANDOM, broadcast, 1_500);
    analytics.publishEngagement(EngagementHistory.withDuplicates(RANDOM, events));
    for (int kill = 0; kill < 3; kill++) {
      awaitProgress();
      analytics.number(
          """
          select count(pg_terminate_backend(pid)) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()
          """);
    }
    analytics.awaitCounted();
    assertThat(totals()).isEqualTo(recounted(events));
  }

  @Test
  void aBurstThatIsSeenLateMovesTheClicksToTheMachines() {
    analytics.publishEngagement(
        List.of(
            event(broadcast, 1, Kind.OPENED, 0, Duration.ofSeconds(10)),
            event(broadcast, 1, Kind.CLICKED, 1, Duration.ofSeconds(10)),
            event(broadcast, 1, Kind.CLICKED, 3, Duration.ofSeconds(12))));
    analytics.awaitCounted();
    assertThat(totals())
        .containsExactly(
            "email a clicked  f: 2 by 1, 0.00 0.00", "email a opened  f: 1 by 1, 0.00 0.00");

    analytics.publishEngagement(
        List.of(
            event(broadcast, 1, Kind.CLICKED, 2, Duration.ofSeconds(11)),
            event(broadcast, 1, Kind.CLICKED, 2, Duration.ofMinutes(11))));
    analytics.awaitCounted();
    assertThat(totals())
        .containsExactly(
            "email a clicked  f: 1 by 1, 0.00 0.00",
            "email a clicked  t: 3 by 1, 0.00 0.00",
            "email a opened  t: 1 by 1, 0.00 0.00");
    assertThat(
            analytics.rows(
                "select link, events, recipients, machine_events, machine_recipients"
                    + " from engagement_link_hour where broadcast_id = '"
                    + broadcast
                    + "' order by link"))
        .containsExactly("1 0 0 1 1", "2 1 1 1 0", "3 0 0 1 0");
    assertThat(
            analytics.rows(
                "select link, target from engagement_link_target where broadcast_id = '"
                    + broadcast
                    + "' order by 1"))
        .containsExactly(
            "1 https://example.org/1", "2 https://example.org/2", "3 https://example.org/3");
  }

  @Test
  void aFloodGrowsTotalsAndNothingElse() throws SQLException {
    int flood = RecipientEngagement.MAX_ALIKE + 150;
    analytics.publishEngagement(
        IntStream.range(0, flood)
            .mapToObj(n -> event(broadcast, 1, Kind.OPENED, 0, Duration.ofMinutes(n)))
            .toList());
    analytics.publishEngagement(
        List.of(event(broadcast, 1, Kind.CLICKED, 1, Duration.ofMinutes(1))));
    analytics.awaitCounted();
    assertThat(totals())
        .containsExactly(
            "email a clicked  f: 1 by 1, 0.00 0.00",
            "email a opened  f: %d by 1, 0.00 0.00".formatted(flood));
    assertThat(
            analytics.number(
                "select count(*) from engagement_event where broadcast_id = '" + broadcast + "'"))
        .isEqualTo(RecipientEngagement.MAX_ALIKE + 1);
  }

  @Test
  @Order(1)
  void whatCannotBeCountedGoesToTheDeadLetters() {
    var good = event(broadcast, 1, Kind.CUSTOM, 0, Duration.ofMinutes(1));
    var example = new String(EventCodec.encode(good), StandardCharsets.UTF_8);
    try (var probe = KafkaProbe.ofTestBroker()) {
      produce(probe, "{ no JSON");
      // Days out of the calendar must not make partitions, however many of them come.
      produce(probe, anew(example).replace(good.at().toString(), "2999-01-01T00:00:00Z"));
      produce(probe, anew(example).replace(good.at().toString(), "2021-01-01T00:00:00Z"));
      produce(probe, anew(example).replaceFirst("\\{", "{\"value\":1e1000000000,"));
      produce(probe, anew(example).replaceFirst("\\{", "{\"value\":1e-1000000000,"));
      produce(probe, anew(example).replace("\"variant\":\"a\"", "\"variant\":\"\\u0000\""));
      analytics.publishEngagement(List.of(good));
      analytics.awaitCounted();
      var letters =
          probe.awaitCount(
              Topics.ENGAGEMENT_EVENTS.deadLetterTopic(Topics.Groups.ANALYTICS_ENGAGEMENT),
              6,
              Duration.ofSeconds(10));
      assertThat(letters)
          .hasSize(6)
          .allSatisfy(
              letter -> assertThat(letter.headers().lastHeader("fanfare_reason")).isNotNull());
    }
    assertThat(totals()).containsExactly("email a custom  f: 1 by 1, 0.00 0.00");
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void whatComesForASealedBroadcastIsSetAsideAndChangesNoFigure() throws SQLException {
    var first = event(broadcast, 1, Kind.CLICKED, 1, Duration.ofMinutes(1));
    var second = event(broadcast, 1, Kind.CLICKED, 1, Duration.ofMinutes(2));
    analytics.publishEngagement(List.of(first));
    analytics.awaitCounted();
    var figures = totals();
    var sealing = analytics.bean(BroadcastSealing.class);
    sealing.run(first.at().plus(Duration.ofDays(179)));
    assertThat(remembered()).isEqualTo(1);
    sealing.run(first.at().plus(Duration.ofDays(181)));
    assertThat(remembered()).isZero();

    var living = UUID.randomUUID();
    analytics.publishEngagement(
        List.of(first, second, event(living, 1, Kind.OPENED, 0, Duration.ofMinutes(1)), second));
    analytics.awaitCounted();
    assertThat(totals()).isEqualTo(figures);
    broadcast = living;
    assertThat(totals()).containsExactly("email a opened  f: 1 by 1, 0.00 0.00");
    assertThat(analytics.metrics())
        .containsPattern("fanfare_events_late_total\\{[^}]*engagement.events[^}]*} 1.0")
        .contains("fanfare_broadcasts_sealed_total", "fanfare_engagement_rows_dropped_total");
    try (var probe = KafkaProbe.ofTestBroker()) {
      var letters =
          probe.awaitCount(
              Topics.ENGAGEMENT_EVENTS.deadLetterTopic(Topics.Groups.ANALYTICS_ENGAGEMENT),
              7,
              Duration.ofSeconds(10));
      assertThat(letters)
          .filteredOn(letter ->
              new String(letter.value(), StandardCharsets.UTF_8)
                  .contains(second.eventId().toString()))
          .hasSize(1);
    }
  }

  private long remembered() throws SQLException {
    return analytics.number(
        "select count(*) from engagement_event where broadcast_id = '" + broadcast + "'");
  }

  private static String anew(String event) {
    return event.replaceFirst(
        "\"event_id\":\"[^\"]*\"", "\"event_id\":\"" + UUID.randomUUID() + "\"");
  }

  private static void produce(KafkaProbe probe, String value) {
    probe.produce(Topics.ENGAGEMENT_EVENTS.name(), "1", value.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> totals() {
    return analytics
        .rows(
            """
            select channel, variant, kind, name, left(machine::text, 1) || ':', events, 'by',
              recipients || ',', value_sum::numeric(20, 2), value_squares::numeric(20, 2)
            from engagement_count where events <> 0 and broadcast_id = '%s'
            """
                .formatted(broadcast))
        .stream()
        .sorted()
        .toList();
  }

  /** Of all but custom events, whose names the time series do not tell apart. */
  private List<String> sums(String rollUp) {
    var from =
        switch (rollUp) {
          case "minutes" -> "select * from engagement_series where step = 'minute'";
          case "hours" -> "select * from engagement_series where step = 'hour'";
          case "parts" -> "select * from engagement_hour";
          default ->
              """
              select broadcast_id, kind, case when not machine then events end as events,
                case when not machine then recipients end as recipients,
                case when machine then events end as machine_events,
                case when machine then recipients end as machine_recipients
              from %s
              """
                  .formatted(rollUp);
        };
    return analytics.rows(
        """
        select kind, coalesce(sum(events), 0), coalesce(sum(recipients), 0),
          coalesce(sum(machine_events), 0), coalesce(sum(machine_recipients), 0)
        from (%s) r where kind <> 'custom' and broadcast_id = '%s' group by kind order by kind
        """
            .formatted(from, broadcast));
  }

  private static void awaitProgress() throws SQLException {
    long before = counted();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(() -> counted() > before);
  }

  private static long counted() throws SQLException {
    return analytics.number("select coalesce(sum(next_offset), 0) from consumer_offset");
  }

  /** The totals by counting the events again, recipient by recipient. */
  private static List<String> recounted(List<EngagementEvent> events) {
    var lines = new TreeSet<String>();
    var judged = events.stream().map(event -> new Judged(event, isMachine(event, events))).toList();
    judged.stream()
        .collect(Collectors.groupingBy(Judged::figure))
        .forEach((figure, its) -> {
          var byContact =
              its.stream().collect(Collectors.groupingBy(one -> one.event().contactId()));
          var values = byContact.values().stream().map(EngagementCountTest::value).toList();
          var sum = values.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
          var squares =
              values.stream().map(v -> v.multiply(v)).reduce(BigDecimal.ZERO, BigDecimal::add);
          lines.add(
              "%s: %d by %d, %.2f %.2f"
                  .formatted(figure, its.size(), byContact.size(), sum, squares));
        });
    return new ArrayList<>(lines);
  }

  private static BigDecimal value(List<Judged> events) {
    return events.stream()
        .map(one -> one.event().value())
        .filter(value -> value != null)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private record Judged(EngagementEvent event, boolean machine) {
    String figure() {
      var name = event.kind() == Kind.CUSTOM && event.name() != null ? event.name() : "";
      Channel channel = event.channel();
      return "%s %s %s %s %s"
          .formatted(channel, event.variant(), event.kind().id(), name, machine ? "t" : "f");
    }
  }

  private static boolean isMachine(EngagementEvent event, List<EngagementEvent> all) {
    if (event.machine() != null) {
      return true;
    }
    var clicks =
        all.stream()
            .filter(other -> other.contactId() == event.contactId())
            .filter(other -> other.kind() == Kind.CLICKED)
            .toList();
    return switch (event.kind()) {
      case CLICKED -> isBurst(event, clicks);
      case OPENED ->
          clicks.stream()
              .filter(click -> isBurst(click, clicks))
              .anyMatch(click ->
                  Math.abs(click.at().toEpochMilli() - event.at().toEpochMilli()) <= 3_000);
      default -> false;
    };
  }

  private static boolean isBurst(EngagementEvent click, List<EngagementEvent> clicks) {
    return clicks.stream()
        .map(first -> first.at().toEpochMilli())
        .anyMatch(start -> {
          var within =
              clicks.stream()
                  .filter(c -> c.at().toEpochMilli() >= start)
                  .filter(c -> c.at().toEpochMilli() <= start + 3_000)
                  .toList();
          return within.contains(click)
              && within.stream().map(EngagementEvent::link).distinct().count() >= 3;
        });
  }
}
