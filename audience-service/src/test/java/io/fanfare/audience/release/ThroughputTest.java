package io.fanfare.audience.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.FakeWorker;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastControl;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** A smoke test of speed: bounds a change of the order of growth, not a few percent. */
@ExtendWith(AudienceExtension.class)
class ThroughputTest {

  private static final int CONTACTS = 100_000;

  private final AudienceService audience;
  private final Scenario scenario;

  ThroughputTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
  }

  @Test
  void freezesAHundredThousandInSecondsAndReleasesAsFastAsTheLookAheadAllows() {
    UUID list = scenario.list(scenario.contacts(CONTACTS));
    audience.jdbc().execute("analyze contact, list_member");
    UUID server = scenario.account(Channel.EMAIL, 8, 8 * 6_000);
    try (FakeWorker worker = new FakeWorker(audience)) {
      long start = System.nanoTime();
      BroadcastControl broadcast = scenario.start(list, Scenario.plan(Channel.EMAIL, server, 8));
      worker.follow(broadcast);
      scenario.awaitFrozen(broadcast);
      Duration frozen = Duration.ofNanos(System.nanoTime() - start);
      // Eight lanes have 144,000 commands of look-ahead together: all go out at once.
      JsonNode progress =
          scenario.awaitProgress(broadcast, p -> p.path("in_flight").asLong() == CONTACTS);
      Duration released = Duration.ofNanos(System.nanoTime() - start).minus(frozen);
      worker.await(CONTACTS);
      long before = System.nanoTime();
      scenario.progress(broadcast);
      Duration read = Duration.ofNanos(System.nanoTime() - before);
      System.err.printf(
          "froze %,d in %s, released them in %s, progress in %s%n",
          CONTACTS, frozen, released, read);
      assertThat(progress.path("planned").asLong()).isEqualTo(CONTACTS);
      assertThat(frozen).isLessThan(Duration.ofSeconds(10));
      assertThat(released).isLessThan(Duration.ofSeconds(30));
      assertThat(read).isLessThan(Duration.ofSeconds(1));
    }
  }
}
