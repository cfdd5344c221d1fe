package io.fanfare.dispatch.loop;

import io.fanfare.dispatch.control.ControlReader;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** What the loop counts for operators. */
final class DispatchMetrics {

  private final DistributionSummary claimBatch;
  private final Counter duplicates;

  DispatchMetrics(MeterRegistry registry, Window window, OpenClaims open, ControlReader control) {
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

  void duplicates(int commands) {
    duplicates.increment(commands);
  }
}
