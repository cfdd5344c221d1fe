package io.fanfare.analytics.delivery;

import static io.fanfare.analytics.DeliveryHistory.TENANT;
import static io.fanfare.analytics.DeliveryHistory.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.analytics.AnalyticsUnderTest;
import io.fanfare.analytics.DeliveryHistory;
import io.fanfare.analytics.ExpectedStats;
import io.fanfare.analytics.counting.CountedEventRepository;
import io.fanfare.analytics.counting.Feed;
import io.fanfare.contract.Channel;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.localstack.testing.TestInfrastructure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

class ExactCountTest {

  private static final int RECIPIENTS = 3_000;
  private static final int SMALL_BATCH = 100;

  private final UUID broadcast = UUID.randomUUID();
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private AnalyticsUnderTest analytics;

  @BeforeEach
  void open() {
    System.out.println("seed " + seed);
    TestInfrastructure.resetTopics();
    analytics = new AnalyticsUnderTest();
  }

  @AfterEach
  void close() {
    analytics.close();
  }

  @Test
  void countsEachEventOnceAndReplayingTheWholeTopicChangesNoFigure() throws Exception {
    var events = DeliveryHistory.random(random, broadcast, RECIPIENTS);
    analytics.start(1_000);
    analytics.publish(DeliveryHistory.withDuplicates(random, events));
    analytics.awaitCounted();
    ExpectedStats.assertMatches(stats(), events);
    var figures = analytics.figures();

    // The running reader finds its offsets moved, rolls back and reads everything again.
    analytics.execute(List.of("update consumer_offset set next_offset = 0"));
    analytics.publish(events.subList(0, 100));
    analytics.awaitCounted();
    assertThat(analytics.figures()).isEqualTo(figures);

    // So does one that starts with them.
    analytics.stopOldest();
    analytics.execute(List.of("update consumer_offset set next_offset = 0"));
    analytics.start(700);
    analytics.awaitCounted();
    assertThat(analytics.figures()).isEqualTo(figures);
    assertThat(analytics.number("select count(*) from counted_event")).isEqualTo(events.size());
    assertThat(analytics.metrics())
        .contains("fanfare_event_duplicates_total", "fanfare_events_lag");
  }

  @Test
  void transactionsThatFailAfterTheirInsertsChangeNoFigure() {
    analytics.start(200);
    analytics.execute(
        List.of(
            "create sequence hit",
            """
            create function fail_each_third() returns trigger language plpgsql as $$
            begin
              if nextval('analytics_service.hit') % 3 = 0 then
                raise exception 'injected' using errcode = '40001';
              end if;
              return null;
            end $$
            """,
            "create trigger fail after insert or update on minute_count"
                + " for each statement execute function fail_each_third()"));
    var events = DeliveryHistory.random(random, broadcast, 400);
    analytics.publish(DeliveryHistory.withDuplicates(random, events));
    analytics.awaitCounted();
    ExpectedStats.assertMatches(stats(), events);
  }

  @Test
  void losingTheDatabaseInTheMiddleChangesNoFigure() throws Exception {
    var events = DeliveryHistory.random(random, broadcast, RECIPIENTS);
    analytics.start(SMALL_BATCH);
    analytics.publish(DeliveryHistory.withDuplicates(random, events));
    for (int kill = 0; kill < 4; kill++) {
      awaitProgress();
      analytics.number(
          """
          select count(pg_terminate_backend(pid)) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()
          """);
    }
    analytics.awaitCounted();
    ExpectedStats.assertMatches(stats(), events);
  }

  @Test
  void instancesThatComeAndGoShareTheWork() {
    var events = DeliveryHistory.random(random, broadcast, RECIPIENTS);
    var delivered = DeliveryHistory.withDuplicates(random, events);
    analytics.start(SMALL_BATCH);
    analytics.publish(delivered.subList(0, delivered.size() / 2));
    analytics.start(SMALL_BATCH);
    analytics.publish(delivered.subList(delivered.size() / 2, delivered.size()));
    analytics.stopOldest();
    analytics.awaitCounted();
    ExpectedStats.assertMatches(stats(), events);
  }

  @Test
  void requeuedRecipientMovesBetweenTheBuckets() {
    analytics.start(SMALL_BATCH);
    analytics.publish(
        List.of(
            event(broadcast, 1, Channel.EMAIL, 1, Bucket.IN_FLIGHT, Outcome.RETRYING),
            event(broadcast, 1, Channel.EMAIL, 2, Bucket.RETRYING, Outcome.DEAD),
            event(broadcast, 2, Channel.EMAIL, 1, Bucket.IN_FLIGHT, Outcome.FAILED)));
    analytics.awaitCounted();
    assertThat(stats().at("/counts/dead").asLong()).isEqualTo(1);
    assertThat(stats().at("/counts/failed").asLong()).isEqualTo(1);

    analytics.publish(
        List.of(
            event(broadcast, 1, Channel.EMAIL, 3, Bucket.DEAD, Outcome.SENT),
            event(broadcast, 2, Channel.EMAIL, 2, Bucket.FAILED, Outcome.RATE_LIMITED)));
    analytics.awaitCounted();
    assertThat(stats().get("counts").toString())
        .isEqualTo(
            """
            {"sent":1,"failed":0,"dead":0,"in_doubt":0,"skipped":0,"cancelled":0,"retrying":1,\
            "fell_back":0}\
            """);
    assertThat(stats().at("/attempts/dead").asLong()).isEqualTo(1);
  }

  @Test
  void withoutItsMemoryOfCountedEventsTheFiguresGoWrong() {
    analytics.start(SMALL_BATCH, ExactCountTest::forgetCountedEvents);
    var events = DeliveryHistory.random(random, broadcast, 200);
    analytics.publish(DeliveryHistory.withDuplicates(random, events));
    analytics.awaitCounted();
    assertThatThrownBy(() -> ExpectedStats.assertMatches(stats(), events))
        .isInstanceOf(AssertionError.class);
  }

  private static void forgetCountedEvents(ConfigurableApplicationContext context) {
    ((GenericApplicationContext) context)
        .registerBean(
            "forgetful",
            CountedEventRepository.class,
            () ->
                new CountedEventRepository(context.getBean(JdbcClient.class)) {
                  @Override
                  public <E extends Record> List<E> firstSeen(Feed<E> feed, List<E> events) {
                    return events;
                  }
                },
            definition -> definition.setPrimary(true));
  }

  private void awaitProgress() throws SQLException {
    long before = analytics.number("select coalesce(sum(next_offset), 0) from consumer_offset");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() ->
            analytics.number("select coalesce(sum(next_offset), 0) from consumer_offset") > before);
  }

  private tools.jackson.databind.JsonNode stats() {
    var answer = analytics.stats(TENANT, broadcast);
    assertThat(answer.status()).isEqualTo(200);
    return answer.body();
  }
}
