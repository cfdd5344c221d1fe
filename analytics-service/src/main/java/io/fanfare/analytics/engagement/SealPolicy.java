package io.fanfare.analytics.engagement;

import java.time.Duration;
import java.time.Instant;

/** When a broadcast is sealed: after so many days in which nothing was done with it. */
record SealPolicy(int quietDays) {

  /** A doing is told of so many days late at most; before that a quiet broadcast is none. */
  static final int MIN_QUIET_DAYS = EngagementFeed.MAX_DAYS_LATE;

  SealPolicy {
    if (quietDays < MIN_QUIET_DAYS) {
      throw new IllegalArgumentException(
          "fanfare.analytics.seal-days is at least " + MIN_QUIET_DAYS);
    }
  }

  /** Broadcasts of which nothing happened from this instant on are sealed. */
  Instant quietSince(Instant now) {
    return now.minus(Duration.ofDays(quietDays));
  }
}
