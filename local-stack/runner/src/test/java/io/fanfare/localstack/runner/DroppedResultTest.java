package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.Walkthrough;
import io.fanfare.localstack.simulator.Simulators;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The check of conservation can fail: a worker that loses results on purpose is found out. */
class DroppedResultTest {

  private static final int CONTACTS = 200;
  private static final int DROPPED = 2;

  @TempDir Path folder;

  @Test
  void isSeenByTheCheckOfConservation() {
    Logging.into(Path.of("target"));
    StackSettings settings =
        new StackSettings(
            folder,
            false,
            Map.of("fanfare.test.drop-result-every", Integer.toString(CONTACTS / DROPPED)));
    try (Simulators simulators = Simulators.start(Simulators.Settings.local());
        LocalStack stack = LocalStack.start(settings, simulators, part -> {})) {
      RestClient api = new RestClient(stack.baseUrl(), stack.keys().adminKey().orElseThrow());
      Walkthrough walkthrough = new Walkthrough(api);
      walkthrough.importReachableContacts(0, CONTACTS, count -> {});
      String broadcast =
          walkthrough.broadcast(
              "Dropped",
              walkthrough.template("News"),
              walkthrough.list("Everybody", 0, CONTACTS),
              Map.of(
                  "email",
                  walkthrough.emailAccount("Server", "localhost", simulators.smtp().port(), 0, 8)));
      walkthrough.start(broadcast);

      RestClient providers = new RestClient(URI.create(simulators.server().baseUrl()), "none");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() ->
              providers.get("/simulator/report?marker=" + broadcast).get("distinct").asLong()
                      == CONTACTS
                  && walkthrough.progress(broadcast).get("sent").asLong() == CONTACTS - DROPPED);
      JsonNode end = walkthrough.progress(broadcast);
      assertThatThrownBy(() -> Conservation.checkEnd(end))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("in_flight");
      assertThat(end.get("state").asString()).as("never complete").isEqualTo("running");
    }
  }
}
