package io.fanfare.dispatch.loop;

import io.fanfare.dispatch.control.ControlReader;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What the loop counts for operators. */
final class DispatchMetrics {

  private final DistributionSummary claimBatch;
  private final Counter claims;
  private final Counter duplicates;
  private final Counter lanesLost;
  private final MeterRegistry registry;

  DispatchMetrics(MeterRegistry registry, Window window, OpenClaims open, ControlReader control) {
    this.registry = registry;
    claims =
        Counter.builder("fanfare.claims")
            .description("Commands made this worker's own")
            .register(registry);
    lanesLost =
        Counter.builder("fanfare.lanes.lost")
            .description("Lanes another worker took while this one still claimed on them")
            .register(registry);
    Gauge.builder("fanfare.slots.unused", window, Window::unusedSlots)
        .description("Sends that could start now on the limited lanes that are at work here")
        .register(registry);
    Timer latency =
        Timer.builder("fanfare.control.latency")
            .description("From the publication of a control record until this worker obeys it")
            .serviceLevelObjectives(
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(200),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2))
            .register(registry);
    control.onObeyed(millis -> latency.record(millis, TimeUnit.MILLISECONDS));
    claimBatch =
        DistributionSummary.builder("fanfare.claim.batch.size")
            .description("Commands in one claim transaction")
            .register(registry);
    duplicates =
        Counter.builder("fanfare.duplicates.suppressed")
            .description("Commands not sent because their issue had been claimed before")
            .register(registry);
    Gauge.builder("fanfare.window.fill.ratio", window, Window::fillRatio).register(registry);
    Gauge.builder("fanfare.lanes.slowed", window, Window::slowedLanes)
        .description("Lanes that send below their limit because the provider said too fast")
        .register(registry);
    Gauge.builder("fanfare.pools.live", window, Window::livePools)
        .description("Broadcasts with commands in this worker now or until lately")
        .register(registry);
    Gauge.builder("fanfare.claims.open", open, OpenClaims::count).register(registry);
    control.measureSuppressions(
        Timer.builder("fanfare.suppression.latency")
            .description(
                "From the opt-out, or another change of whom to send to, until it is known")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(5))
            .maximumExpectedValue(Duration.ofSeconds(30))
            .register(registry));
    Gauge.builder(
            "fanfare.control.confirmed.age.seconds", control, ControlReader::confirmedAgeSeconds)
        .description("Since it was confirmed that no pause, cancel or opt-out is unread")
        .register(registry);
  }

  void claimBatch(int commands) {
    claimBatch.record(commands);
  }

  void lag(CommandReader reader) {
    Gauge.builder("fanfare.commands.lag", reader, CommandReader::lag)
        .description("Commands on the broker that this worker has not read yet")
        .register(registry);
  }

  void claimed(int commands) {
    claims.increment(commands);
  }

  void lanesLost(int lanes) {
    lanesLost.increment(lanes);
  }

  void duplicates(int commands) {
    duplicates.increment(commands);
  }
}
