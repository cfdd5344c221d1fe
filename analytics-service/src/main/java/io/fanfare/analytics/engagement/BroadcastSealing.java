package io.fanfare.analytics.engagement;

import io.fanfare.analytics.AnalyticsProperties;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Seals broadcasts with which nothing was done for long, and drops what was remembered of each of
 * their recipients. No figure changes: what a recipient did before is needed for what he does next,
 * and of a sealed broadcast nothing next is counted.
 */
@Component
public class BroadcastSealing {

  /** Broadcasts sealed in one run. */
  static final int MAX_SEALED = 500;

  /** Rows dropped in one transaction, and such transactions in one run. */
  static final int BATCH = 10_000;

  static final int MAX_BATCHES = 200;

  private static final Logger log = LoggerFactory.getLogger(BroadcastSealing.class);

  private final SealRepository seals;
  private final SealPolicy policy;
  private final Clock clock;
  private final Counter sealed;
  private final Counter forgotten;

  BroadcastSealing(
      SealRepository seals, AnalyticsProperties properties, Clock clock, MeterRegistry meters) {
    this.seals = seals;
    this.policy = new SealPolicy(properties.sealDays());
    this.clock = clock;
    this.sealed =
        Counter.builder("fanfare.broadcasts.sealed")
            .description("Broadcasts of which nothing more is counted")
            .register(meters);
    this.forgotten =
        Counter.builder("fanfare.engagement.rows.dropped")
            .description("Rows of what recipients of sealed broadcasts did that were dropped")
            .register(meters);
  }

  @Scheduled(initialDelayString = "PT10M", fixedDelayString = "PT1H")
  void run() {
    run(clock.instant());
  }

  /** Seals and drops as much as one run may; the rest is the next one's. */
  public void run(Instant now) {
    Instant quietSince = policy.quietSince(now);
    List<UUID> quiet = seals.quiet(quietSince, MAX_SEALED);
    if (!quiet.isEmpty()) {
      int count = seals.seal(quiet, quietSince, now);
      sealed.increment(count);
      log.info("{} broadcasts sealed: nothing was done with them since {}", count, quietSince);
    }
    for (int batch = 0; batch < MAX_BATCHES; batch++) {
      UUID full = seals.full().orElse(null);
      if (full == null) {
        return;
      }
      forgotten.increment(seals.drop(full, BATCH, now));
    }
  }
}
