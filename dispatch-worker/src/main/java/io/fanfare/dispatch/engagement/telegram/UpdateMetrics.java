package io.fanfare.dispatch.engagement.telegram;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** Counts what comes in by Telegram. */
@Component
class UpdateMetrics {

  private final MeterRegistry registry;
  private final AtomicInteger bots;
  private final AtomicInteger failing;
  private final AtomicInteger left;

  UpdateMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.bots = registry.gauge("fanfare.telegram.bots", new AtomicInteger());
    this.failing = registry.gauge("fanfare.telegram.bots.failing", new AtomicInteger());
    this.left = registry.gauge("fanfare.telegram.bots.left", new AtomicInteger());
  }

  /**
   * An update was dealt with.
   *
   * @param became the kind of its event or signal, or why it became none
   */
  void update(String became) {
    Counter.builder("fanfare.telegram.updates")
        .description("updates of bots by what became of them")
        .tag("became", became)
        .register(registry)
        .increment();
  }

  /**
   * Somebody was answered, or not.
   *
   * @param end {@code sent}, {@code refused}, {@code too_soon} after the answer before, {@code
   *     dropped} for want of room or of the database, or {@code failed} by a bug
   */
  void answer(String end) {
    Counter.builder("fanfare.telegram.answers")
        .description("answers of bots to people by how they ended")
        .tag("end", end)
        .register(registry)
        .increment();
  }

  /** Something could not be done with a bot. */
  void failure(String cause) {
    Counter.builder("fanfare.telegram.failures")
        .description("requests of bots for their updates that failed")
        .tag("cause", cause)
        .register(registry)
        .increment();
  }

  /** Bots asked here; those that could not be at the last try; those above the bound. */
  void bots(int asked, int notAnswering, int leftToOthers) {
    bots.set(asked);
    failing.set(notAnswering);
    left.set(leftToOthers);
  }
}
