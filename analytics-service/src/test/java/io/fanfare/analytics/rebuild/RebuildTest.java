package io.fanfare.analytics.rebuild;

import static io.fanfare.analytics.DeliveryHistory.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.analytics.AnalyticsUnderTest;
import io.fanfare.analytics.DeliveryHistory;
import io.fanfare.analytics.EngagementHistory;
import io.fanfare.analytics.ExpectedStats;
import io.fanfare.analytics.engagement.BroadcastSealing;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.support.identity.Role;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RebuildTest {

  private static final String PATH = "/api/v1/operations/analytics/rebuild";
  private static final String SCHEMAS =
      "select count(*) from pg_namespace where nspname = 'analytics_service_rebuild'";
  private static final long SEED = System.nanoTime();
  private static final Random RANDOM = new Random(SEED);
  private static final UUID BROADCAST = UUID.randomUUID();
  private static final List<DeliveryEvent> SENT = DeliveryHistory.random(RANDOM, BROADCAST, 2_000);
  private static AnalyticsUnderTest analytics;

  @BeforeAll
  static void open() {
    System.out.println("seed " + SEED);
    TestInfrastructure.resetTopics();
    analytics = new AnalyticsUnderTest();
    analytics.start(300);
    analytics.publish(DeliveryHistory.withDuplicates(RANDOM, SENT.subList(0, 1_500)));
    analytics.publishEngagement(
        EngagementHistory.withDuplicates(
            RANDOM, EngagementHistory.random(RANDOM, BROADCAST, 1_000)));
    analytics.awaitCounted();
  }

  @AfterAll
  static void close() {
    analytics.close();
  }

  @Test
  @Order(1)
  void equalFiguresTakeThePlaceOfTheLiveOnesWhileCountingGoesOn() {
    assertThat(analytics.as(Role.OPERATOR, "GET", PATH).status()).isEqualTo(404);
    var begun = analytics.as(Role.OPERATOR, "POST", PATH);
    assertThat(begun.status()).isEqualTo(202);
    analytics.publish(SENT.subList(1_000, SENT.size()));

    var rebuild = awaitEnd(begun.body());
    assertThat(rebuild.get("state").asString()).as(rebuild.toString()).isEqualTo("swapped");
    assertThat(rebuild.get("compared_broadcasts").asLong()).isEqualTo(1);
    assertThat(rebuild.get("compared_rows").asLong()).isGreaterThan(2_000);
    assertThat(rebuild.get("differing_rows").asLong()).isZero();
    awaitNothingLeft();
    analytics.awaitCounted();
    ExpectedStats.assertMatches(analytics.stats(TENANT, BROADCAST).body(), SENT);
  }

  @Test
  @Order(2)
  void figuresThatAreNotWhatTheTopicsSayAreToldOfAndKept() {
    analytics.execute(
        List.of(
            "update engagement_count set recipients = recipients + 1 where kind = 'clicked'"
                + " and channel = 'email' and variant = 'a' and not machine",
            "delete from engagement_event where ctid in (select ctid from engagement_event limit 1)"));
    var figures = analytics.figures();

    var rebuild = awaitEnd(analytics.as(Role.OPERATOR, "POST", PATH).body());
    assertThat(rebuild.get("state").asString()).as(rebuild.toString()).isEqualTo("differs");
    assertThat(rebuild.get("differing_rows").asLong()).isEqualTo(3);
    assertThat(rebuild.get("differences").valueStream().map(RebuildTest::place))
        .containsExactlyInAnyOrder(
            "engagement_count live", "engagement_count rebuilt", "engagement_event rebuilt");
    assertThat(analytics.figures()).isEqualTo(figures);
    assertThat(analytics.metrics()).containsPattern("fanfare_rebuild_differing_rows\\{[^}]*} 3.0");
    awaitNothingLeft();
  }

  private static String place(JsonNode difference) {
    return difference.get("table").asString() + " " + difference.get("generation").asString();
  }

  @Test
  @Order(3)
  void whatADeadInstanceLeftIsNoHindrance() {
    analytics.execute(
        List.of(
            "create schema analytics_service_rebuild",
            "create table analytics_service_rebuild.recipient_count (half boolean)",
            "insert into rebuild (id, state, started_at)"
                + " values (gen_random_uuid(), 'running', now())"));
    assertThat(analytics.as(Role.OPERATOR, "GET", PATH).body().get("state").asString())
        .isEqualTo("interrupted");
    awaitNothingLeft();

    analytics.execute(
        List.of(
            "create schema analytics_service_rebuild",
            "create table analytics_service_rebuild.recipient_count (half boolean)"));
    var rebuild = awaitEnd(analytics.as(Role.OPERATOR, "POST", PATH).body());
    assertThat(rebuild.get("state").asString()).isEqualTo("differs");
    awaitNothingLeft();
  }

  @Test
  @Order(4)
  void sealedBroadcastsAreLeftOutThoughTheTopicsStillHoldThem() {
    analytics
        .bean(BroadcastSealing.class)
        .run(DeliveryHistory.firstInstant().plus(Duration.ofDays(200)));
    var rebuild = awaitEnd(analytics.as(Role.OPERATOR, "POST", PATH).body());
    assertThat(rebuild.get("state").asString()).as(rebuild.toString()).isEqualTo("swapped");
    assertThat(rebuild.get("compared_broadcasts").asLong()).isZero();
    assertThat(rebuild.get("sealed_broadcasts").asLong()).isEqualTo(1);
    awaitNothingLeft();
  }

  @Test
  @Order(7)
  void losingTheDatabaseInTheMiddleChangesNoFigure() throws SQLException {
    var figures = analytics.figures();
    assertThat(analytics.as(Role.OPERATOR, "POST", PATH).status()).isEqualTo(202);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> analytics.number(SCHEMAS) == 1);
    analytics.number(
        """
        select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()
        """);
    var answer = analytics.as(Role.OPERATOR, "GET", PATH);
    assertThat(answer.status()).as(answer.body().toString()).isIn(200, 503);
    var end =
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> analytics.as(Role.OPERATOR, "GET", PATH).body(),
                rebuild ->
                    rebuild.has("state") && !rebuild.get("state").asString().equals("running"));
    assertThat(end.get("state").asString()).isIn("failed", "interrupted");
    assertThat(analytics.figures()).isEqualTo(figures);
  }

  @Test
  @Order(5)
  void thereIsOneAtATimeAndForTheOperatorAlone() throws SQLException {
    try (var connection = analytics.connect();
        var statement = connection.createStatement()) {
      statement.execute(
          "select pg_advisory_lock(hashtextextended('fanfare rebuild analytics_service', 0))");
      var refused = analytics.as(Role.OPERATOR, "POST", PATH);
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.body().get("code").asString()).isEqualTo("rebuild_running");
    }
    assertThat(analytics.as(Role.ADMIN, "POST", PATH).status()).isEqualTo(403);
    assertThat(analytics.as(Role.ADMIN, "GET", PATH).status()).isEqualTo(403);
  }

  @Test
  @Order(6)
  void broadcastsOlderThanTheTopicsStayAsTheyAre() {
    analytics.forgetEvents();
    var figures = analytics.figures();
    var rebuild = awaitEnd(analytics.as(Role.OPERATOR, "POST", PATH).body());
    assertThat(rebuild.get("state").asString()).as(rebuild.toString()).isEqualTo("swapped");
    assertThat(rebuild.get("compared_broadcasts").asLong()).isZero();
    assertThat(rebuild.get("sealed_broadcasts").asLong()).isEqualTo(1);
    assertThat(analytics.figures()).isEqualTo(figures);
  }

  private static void awaitNothingLeft() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> analytics.number(SCHEMAS) == 0);
  }

  private static JsonNode awaitEnd(JsonNode begun) {
    var id = begun.get("id").asString();
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> analytics.as(Role.OPERATOR, "GET", PATH).body(),
            rebuild ->
                rebuild.get("id").asString().equals(id)
                    && !rebuild.get("state").asString().equals("running"));
  }
}
