package io.fanfare.dispatch.engagement.bounce;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** Counts reports of mail systems. */
@Component
class BounceMetrics {

  private final MeterRegistry registry;
  private final AtomicInteger mailboxes;
  private final AtomicInteger failing;

  BounceMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.mailboxes = registry.gauge("fanfare.bounces.mailboxes", new AtomicInteger());
    this.failing = registry.gauge("fanfare.bounces.mailboxes.failing", new AtomicInteger());
  }

  /**
   * A report was dealt with.
   *
   * @param via {@code http} or {@code mailbox}
   * @param became what it became, or why it became nothing
   */
  void report(String via, String became) {
    Counter.builder("fanfare.bounces.reports")
        .description("reports of mail systems by what became of them")
        .tag("via", via)
        .tag("became", became)
        .register(registry)
        .increment();
  }

  /** Something could not be done with a mailbox. */
  void failure(String cause) {
    Counter.builder("fanfare.bounces.mailbox.failures")
        .description("visits of mailboxes for bounces that failed")
        .tag("cause", cause)
        .register(registry)
        .increment();
  }

  /** Mailboxes visited here, and those that could not be at the last try. */
  void mailboxes(int visited, int notAnswering) {
    mailboxes.set(visited);
    failing.set(notAnswering);
  }
}
