package io.fanfare.dispatch.ledger;

import io.fanfare.contract.delivery.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What the ledger counts for operators. */
public final class LedgerMetrics {

  private record Key(String channel, Outcome outcome) {}

  private final MeterRegistry registry;
  private final Map<Key, Counter> sends = new ConcurrentHashMap<>();
  private final Counter inDoubt;
  private final Timer flush;
  private final Timer latency;

  public LedgerMetrics(MeterRegistry registry) {
    this.registry = registry;
    inDoubt = registry.counter("fanfare.in.doubt");
    flush =
        Timer.builder("fanfare.result.flush")
            .description("Time to write one batch of results")
            .register(registry);
    latency =
        Timer.builder("fanfare.send.latency")
            .description("From release to the recorded result of a sent message")
            // Buckets rather than percentiles: those of several workers can be added up.
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(5))
            .maximumExpectedValue(Duration.ofMinutes(10))
            .register(registry);
  }

  void flushed(long nanos) {
    flush.record(nanos, TimeUnit.NANOSECONDS);
  }

  void recorded(LedgerEntry entry) {
    Outcome outcome = entry.outcome();
    sends
        .computeIfAbsent(new Key(entry.command().channel().name(), outcome), this::counter)
        .increment();
    if (outcome == Outcome.IN_DOUBT) {
      inDoubt.increment();
    }
    if (outcome == Outcome.SENT) {
      latency.record(Duration.between(entry.command().releasedAt(), entry.at()));
    }
  }

  /** Sends put in doubt on behalf of a dead worker. */
  void takenOver(int sends) {
    inDoubt.increment(sends);
  }

  private Counter counter(Key key) {
    return Counter.builder("fanfare.sends")
        .tag("channel", key.channel())
        .tag("outcome", key.outcome().id())
        .register(registry);
  }
}
