package io.fanfare.benchmark.crash;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a contact.
 *
 * @param cap the most messages it may get during a run, which is shorter than a day
 * @param quiet when it may get none
 * @param zone where its clock hangs
 */
record ContactRule(int cap, @Nullable Hours quiet, ZoneId zone) {

  /** By the clock of the zone; over midnight where the end is not after the beginning. */
  record Hours(LocalTime from, LocalTime to) {

    private boolean contain(LocalTime time) {
      boolean begun = !time.isBefore(from);
      boolean ended = !time.isBefore(to);
      return from.isBefore(to) ? begun && !ended : begun || !ended;
    }
  }

  /**
   * Whether it is quiet.
   *
   * @param nanos since the epoch
   */
  boolean isQuietAt(long nanos) {
    return quiet != null
        && quiet.contain(Instant.ofEpochSecond(0, nanos).atZone(zone).toLocalTime());
  }
}
