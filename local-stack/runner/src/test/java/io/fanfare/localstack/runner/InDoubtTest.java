package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.Walkthrough;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A mail server takes messages and keeps its answers to itself; through all five services. */
class InDoubtTest {

  private static final int CONTACTS = 60;

  private final SharedStack shared = SharedStack.get();
  private final RestClient simulators = new RestClient(shared.stack().mailboxUrl(), "none");
  private final RestClient api = shared.newTenant("In doubt");

  @AfterEach
  void calm() {
    shared.simulators().reset();
  }

  @Test
  void atLeastOnceSendsAgainByItselfAndCompletesAfterwards() {
    String broadcast = start("at-least-once");
    List<JsonNode> readings = MainJobTest.awaitEnd(api, broadcast);
    readings.forEach(Conservation::check);
    JsonNode end = readings.getLast();
    assertThat(end.get("state").asString()).isEqualTo("completed");
    assertThat(end.get("in_doubt").asLong()).as("in doubt in %s", end).isZero();
    assertThat(end.get("sent").asLong()).as("sent in %s", end).isEqualTo(CONTACTS);
    JsonNode report = simulators.get("/simulator/report?marker=" + broadcast);
    assertThat(report.get("distinct").asLong()).isEqualTo(CONTACTS);
    assertThat(report.get("duplicates").asLong()).isPositive();
  }

  @Test
  void neverTwiceListsThemAndSendsAgainByOrderOnly() {
    String broadcast = start("never-twice");
    JsonNode end = MainJobTest.awaitEnd(api, broadcast).getLast();
    long inDoubt = end.get("in_doubt").asLong();
    assertThat(inDoubt).as("in doubt in %s", end).isPositive();
    assertThat(duplicates(broadcast)).isZero();

    String doubts = "/api/v1/broadcasts/" + broadcast + "/in-doubt?limit=200";
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> api.get(doubts).get("items").size() == inDoubt);
    JsonNode ordered =
        api.post("/api/v1/broadcasts/" + broadcast + "/retry", Map.of("what", List.of("in_doubt")));
    assertThat(ordered.get("requeued").asLong()).isEqualTo(inDoubt);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            api.get(doubts).get("items").isEmpty()
                && new Walkthrough(api).progress(broadcast).get("sent").asLong() == CONTACTS);
    Conservation.check(new Walkthrough(api).progress(broadcast));
    assertThat(duplicates(broadcast)).as("by order").isEqualTo(inDoubt);
  }

  private long duplicates(String broadcast) {
    return simulators.get("/simulator/report?marker=" + broadcast).get("duplicates").asLong();
  }

  private String start(String policy) {
    Walkthrough walkthrough = new Walkthrough(api);
    walkthrough.importReachableContacts(0, CONTACTS, count -> {});
    String account =
        walkthrough.emailAccount("Server", "localhost", shared.simulators().smtp().port(), 0, 8);
    simulators.put(
        "/simulator/faults", Map.of("email", Map.of("drop_after_share", 0.2, "first_tries", 1)));
    String broadcast =
        api.post(
                "/api/v1/broadcasts",
                Map.of(
                    "name",
                    policy,
                    "template_id",
                    walkthrough.template(policy),
                    "list_id",
                    walkthrough.list(policy, 0, CONTACTS),
                    "channels",
                    List.of(Map.of("channel", "email", "account_id", account)),
                    "policy",
                    policy))
            .get("id")
            .asString();
    walkthrough.start(broadcast);
    return broadcast;
  }
}
