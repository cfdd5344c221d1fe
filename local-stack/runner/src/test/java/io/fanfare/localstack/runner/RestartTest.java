package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.Walkthrough;
import io.fanfare.localstack.simulator.Simulators;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole stack is stopped in the middle of a broadcast and started again on its data. */
class RestartTest {

  private static final int CONTACTS = 600;

  /** So few that most are unsent when the stop begins, however slow the machine is. */
  private static final int PER_SECOND = 100;

  @TempDir Path folder;

  @Test
  void finishesABroadcastThatWasRunningWhenTheStackStopped() throws InterruptedException {
    Logging.into(Path.of("target"));
    StackSettings settings = new StackSettings(folder, false, Map.of());
    try (Simulators simulators = Simulators.start(Simulators.Settings.local())) {
      RestClient providers = new RestClient(URI.create(simulators.server().baseUrl()), "none");
      String broadcast;
      Set<Integer> readiness = ConcurrentHashMap.newKeySet();
      Thread watch;
      try (LocalStack first = LocalStack.start(settings, simulators, part -> {})) {
        Walkthrough walkthrough = new Walkthrough(admin(first));
        walkthrough.importReachableContacts(0, CONTACTS, count -> {});
        broadcast =
            walkthrough.broadcast(
                "Interrupted",
                walkthrough.template("News"),
                walkthrough.list("Everybody", 0, CONTACTS),
                Map.of(
                    "email",
                    walkthrough.emailAccount(
                        "Server", "localhost", simulators.smtp().port(), PER_SECOND, 4)));
        walkthrough.start(broadcast);
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> walkthrough.progress(broadcast).get("sent").asLong() > CONTACTS / 10);
        String worker = first.url("dispatch-worker");
        readiness.add(readiness(worker));
        watch = Thread.startVirtualThread(() -> watch(worker, readiness));
      }
      watch.join();
      assertThat(readiness).as("of the worker, before and while it drained").contains(200, 503);
      long before = providers.get("/simulator/report?marker=" + broadcast).get("distinct").asLong();
      assertThat(before).as("sent before the restart").isBetween(1L, CONTACTS - 1L);

      try (LocalStack second = LocalStack.start(settings, simulators, part -> {})) {
        List<JsonNode> readings = MainJobTest.awaitEnd(admin(second), broadcast);
        readings.forEach(Conservation::check);
        JsonNode end = readings.getLast();
        assertThat(end.get("state").asString()).isEqualTo("completed");
        assertThat(end.get("sent").asLong()).isEqualTo(CONTACTS);
        assertThat(end.get("in_doubt").asLong()).as("in doubt after an orderly stop").isZero();
      }
      JsonNode report = providers.get("/simulator/report?marker=" + broadcast);
      assertThat(report.get("distinct").asLong()).isEqualTo(CONTACTS);
      assertThat(report.get("duplicates").asLong()).isZero();
    }
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

  private static RestClient admin(LocalStack stack) {
    return new RestClient(stack.baseUrl(), stack.keys().adminKey().orElseThrow());
  }
}
