package io.fanfare.audience.release;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How commands are released.
 *
 * @param interval pause between two looks at the lanes; {@code FANFARE_RELEASE_INTERVAL}
 * @param lookAhead how much of a lane's work may be outstanding, 1 to 60 s; {@code
 *     FANFARE_RELEASE_LOOK_AHEAD}
 * @param unlimitedOutstanding commands that may be outstanding on a lane without a limit; {@code
 *     FANFARE_RELEASE_UNLIMITED_OUTSTANDING}
 * @param publishAgainAfter how long a hand-over may stay unpublished before any instance publishes
 *     it; {@code FANFARE_RELEASE_PUBLISH_AGAIN_AFTER}
 * @param sweepAfter how long a lane may have commands outstanding and count no result before the
 *     newest of them are published again; {@code FANFARE_RELEASE_SWEEP_AFTER}
 * @param paceMinute what a broadcast's rate per minute is of; anything but a minute is for tests
 */
@ConfigurationProperties("fanfare.release")
record ReleaseProperties(
    @DefaultValue("100ms") Duration interval,
    @DefaultValue("3s") Duration lookAhead,
    @DefaultValue("20000") int unlimitedOutstanding,
    @DefaultValue("5s") Duration publishAgainAfter,
    @DefaultValue("60s") Duration sweepAfter,
    @DefaultValue("60s") Duration paceMinute) {

  ReleaseProperties {
    if (lookAhead.compareTo(Duration.ofSeconds(1)) < 0
        || lookAhead.compareTo(Duration.ofSeconds(60)) > 0) {
      throw new IllegalArgumentException("fanfare.release.look-ahead is 1s to 60s");
    }
    if (unlimitedOutstanding < 1) {
      throw new IllegalArgumentException("fanfare.release.unlimited-outstanding is at least 1");
    }
  }
}
