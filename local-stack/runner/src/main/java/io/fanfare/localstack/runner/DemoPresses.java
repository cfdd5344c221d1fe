package io.fanfare.localstack.runner;

import io.fanfare.localstack.client.RestClient;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * The buttons that the demo's recipients press on Telegram, by analytics and by their own count.
 */
final class DemoPresses {

  /** Part of the recipients that press the button of their message. */
  static final double RATE = 0.1;

  private static final Duration LOOK = Duration.ofMillis(200);

  private final RestClient api;
  private final RestClient simulators;

  DemoPresses(RestClient api, RestClient simulators) {
    this.api = api;
    this.simulators = simulators;
  }

  /**
   * What both counted.
   *
   * @param counted recipients who pressed a button, by analytics
   * @param recipients the same by the recipients' own count
   * @param pending messages nobody has read yet
   */
  record Presses(long counted, long recipients, long pending) {

    boolean agrees() {
      return counted == recipients && pending == 0;
    }

    /** For people. */
    String line() {
      return String.format(
          Locale.ROOT,
          "  %,d pressed the button on Telegram. The recipients' own count: %s%n",
          counted,
          agrees() ? "the same." : "IT DIFFERS.");
    }

    /** For {@code --json}. */
    Map<String, Object> json() {
      return Map.of("counted", counted, "recipients_own_count", recipients);
    }
  }

  /**
   * The presses, once analytics have counted them all.
   *
   * @param patience how long that may take
   */
  Presses result(String broadcast, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Presses presses = read(broadcast);
      if (presses.agrees() || System.nanoTime() > deadline) {
        return presses;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private Presses read(String broadcast) {
    JsonNode done = simulators.get("/simulator/engagement");
    long counted =
        api.get("/api/v1/broadcasts/" + broadcast + "/stats")
            .at("/engagement/kinds/button/recipients")
            .asLong(0);
    long pressed =
        done.get("markers")
            .valueStream()
            .filter(figures -> figures.get("marker").asString().equals(broadcast))
            .mapToLong(figures -> figures.get("pressed").asLong())
            .sum();
    return new Presses(counted, pressed, done.get("pending").asLong());
  }
}
