package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.Walkthrough;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The whole stack is stopped in the middle of a broadcast and started again on its data. */
class RestartTest {

  private static final int CONTACTS = 600;

  /** So few that most are unsent when the stop begins, however slow the machine is. */
  private static final int PER_SECOND = 100;

  private final SharedStack shared = SharedStack.get();

  @Test
  void finishesABroadcastThatWasRunningWhenTheStackStopped() throws InterruptedException {
    RestClient providers = new RestClient(shared.stack().mailboxUrl(), "none");
    RestClient api = shared.newTenant("Restart");
    Walkthrough walkthrough = new Walkthrough(api);
    walkthrough.importReachableContacts(0, CONTACTS, count -> {});
    String broadcast =
        walkthrough.broadcast(
            "Interrupted",
            walkthrough.template("News"),
            walkthrough.list("Everybody", 0, CONTACTS),
            Map.of(
                "email",
                walkthrough.emailAccount(
                    "Server", "localhost", shared.simulators().smtp().port(), PER_SECOND, 4)));
    walkthrough.start(broadcast);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> walkthrough.progress(broadcast).get("sent").asLong() > CONTACTS / 10);
    String worker = shared.stack().url("dispatch-worker");
    Set<Integer> readiness = ConcurrentHashMap.newKeySet();
    readiness.add(readiness(worker));
    Thread watch = Thread.startVirtualThread(() -> watch(worker, readiness));
    long[] before = new long[1];
    shared.restart(() ->
        before[0] =
            providers.get("/simulator/report?marker=" + broadcast).get("distinct").asLong());
    watch.join();

    assertThat(readiness).as("of the worker, before and while it drained").contains(200, 503);
    assertThat(before[0]).as("sent before the restart").isBetween(1L, CONTACTS - 1L);
    List<JsonNode> readings = MainJobTest.awaitEnd(shared.afterRestart(api), broadcast);
    readings.forEach(Conservation::check);
    JsonNode end = readings.getLast();
    assertThat(end.get("state").asString()).isEqualTo("completed");
    assertThat(end.get("sent").asLong()).isEqualTo(CONTACTS);
    assertThat(end.get("in_doubt").asLong()).as("in doubt after an orderly stop").isZero();
    JsonNode report = providers.get("/simulator/report?marker=" + broadcast);
    assertThat(report.get("distinct").asLong()).isEqualTo(CONTACTS);
    assertThat(report.get("duplicates").asLong()).isZero();
  }

  /** Asks until nobody answers any more. */
  private static void watch(String worker, Set<Integer> answers) {
    while (true) {
      try {
        answers.add(readiness(worker));
      } catch (UncheckedIOException gone) {
        return;
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  private static int readiness(String worker) {
    return new RestClient(URI.create(worker), "none")
        .exchange("GET", "/actuator/health/readiness", null)
        .status();
  }
}
