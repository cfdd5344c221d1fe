package io.fanfare.analytics.stats;

import static io.fanfare.analytics.DeliveryHistory.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.analytics.AnalyticsUnderTest;
import io.fanfare.analytics.DeliveryHistory;
import io.fanfare.localstack.testing.TestInfrastructure;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StatsControllerTest {

  private static final UUID BROADCAST = UUID.randomUUID();
  private static AnalyticsUnderTest analytics;

  @BeforeAll
  static void open() {
    TestInfrastructure.resetTopics();
    analytics = new AnalyticsUnderTest();
    analytics.start(1_000);
    analytics.publish(DeliveryHistory.random(new Random(2), BROADCAST, 50));
    analytics.awaitCounted();
  }

  @AfterAll
  static void close() {
    analytics.close();
  }

  @Test
  void showsCountsToTheirTenant() {
    var stats = analytics.stats(TENANT, BROADCAST);
    assertThat(stats.status()).isEqualTo(200);
    assertThat(stats.body().get("broadcast_id").asString()).isEqualTo(BROADCAST.toString());
    assertThat(stats.body().at("/channels/email/attempts/sent").isNumber()).isTrue();
    assertThat(stats.body().at("/minutes/0/at").asString())
        .isEqualTo(DeliveryHistory.firstInstant().toString());
    assertThat(stats.body().get("first_at").asString())
        .isEqualTo(DeliveryHistory.firstInstant().plusSeconds(1).toString());
  }

  @Test
  void hidesTheCountsOfAnotherTenant() {
    var answer = analytics.stats(UUID.randomUUID(), BROADCAST);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body().get("code").asString()).isEqualTo("broadcast_not_found");
  }

  @Test
  void knowsNothingOfABroadcastWithoutResults() {
    assertThat(analytics.stats(TENANT, UUID.randomUUID()).status()).isEqualTo(404);
  }

  @Test
  void answersNobodyWithoutAnIdentity() {
    assertThat(analytics.get("/api/v1/broadcasts/" + BROADCAST + "/stats", "Bearer x").status())
        .isEqualTo(401);
  }

  @Test
  void describesItself() {
    var description = analytics.get("/v3/api-docs", "none");
    assertThat(description.status()).isEqualTo(200);
    assertThat(description.body().get("paths").propertyNames())
        .containsExactlyInAnyOrder(
            "/api/v1/broadcasts/{id}/stats",
            "/api/v1/broadcasts/{id}/ab-test",
            "/api/v1/broadcasts/{id}/ab-test/decision",
            "/api/v1/ab-tests/sample-size");
  }
}
