package io.fanfare.audience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastControl;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What operators and the documentation rely on. */
@ExtendWith(AudienceExtension.class)
class OperationsTest {

  private final AudienceService audience;

  OperationsTest(AudienceService audience) {
    this.audience = audience;
  }

  @Test
  void metricsHaveTheirDocumentedNames() {
    Scenario scenario = new Scenario(audience);
    BroadcastControl broadcast =
        scenario.start(
            scenario.list(scenario.contacts(1)),
            Scenario.plan(Channel.EMAIL, scenario.account(Channel.EMAIL, 1, 0), 1));
    scenario.awaitFrozen(broadcast);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() ->
            assertThat(audience.text("/actuator/prometheus"))
                .contains(
                    "fanfare_conservation_gap{",
                    "fanfare_commands_released_total{",
                    "fanfare_lane_outstanding{",
                    "fanfare_release_cycle_seconds_count{",
                    "fanfare_freeze_seconds_count{",
                    "fanfare_oldest_releasable_chunk_seconds{"));
    assertThat(audience.text("/actuator/prometheus").lines())
        .filteredOn(line -> line.startsWith("fanfare_conservation_gap{"))
        .allMatch(line -> line.endsWith(" 0.0"));
    assertThat(audience.text("/actuator/health/readiness")).contains("UP");
  }

  @Test
  void everyOperationIsDocumentedAndHidesTheIdentity() {
    JsonNode document = JsonMapper.builder().build().readTree(audience.text("/v3/api-docs"));
    assertThat(document.path("paths").propertyNames())
        .contains(
            "/api/v1/contacts/batch",
            "/api/v1/lists/{id}/contacts/remove",
            "/api/v1/broadcasts/{id}/skipped");
    for (JsonNode path : document.path("paths")) {
      for (JsonNode operation : path) {
        assertThat(operation.path("summary").asString()).isNotBlank();
        assertThat(operation.path("description").asString()).isNotBlank();
        assertThat(operation.path("parameters").valueStream().map(p -> p.path("name").asString()))
            .doesNotContain("who", "identity");
      }
    }
  }
}
