package io.fanfare.audience.release;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How many commands of a broadcast with a rate may be handed over. A command counts from its
 * hand-over until a minute after its result became known: whenever its message arrived in between,
 * no sliding minute at the provider sees more than the rate. Within that, hand-overs are spread
 * evenly.
 */
final class PacePolicy {

  /** For clocks that run differently. */
  private static final Duration MARGIN = Duration.ofMillis(250);

  private static final int PARTS = 60;

  private final Duration minute;

  /**
   * @param minute what the rate is of; anything but a minute is for tests
   */
  PacePolicy(Duration minute) {
    this.minute = minute;
  }

  /** How long a result counts. */
  Duration window() {
    return minute.plus(MARGIN);
  }

  /** How often it is noted how many results are known. */
  Duration sampleEvery() {
    return minute.dividedBy(PARTS);
  }

  /**
   * What may be handed over now.
   *
   * @param ratePerMinute at least 1
   * @param issued commands ever handed over
   * @param resultsBefore results that were known a {@link #window} ago
   * @param nextAt as {@link #nextAt} said; null the first time
   */
  int credit(
      int ratePerMinute, long issued, long resultsBefore, @Nullable Instant nextAt, Instant now) {
    if (nextAt != null && now.isBefore(nextAt)) {
      return 0;
    }
    long free = ratePerMinute - Math.max(0, issued - resultsBefore);
    long sinceNanos = Duration.between(from(nextAt, now), now).toNanos();
    long even = (long) ((double) sinceNanos * ratePerMinute / minute.toNanos()) + 1;
    long credit = Math.min(free, even);
    // Twice a second is even enough, and a transaction each for a few commands is dear.
    return credit >= Math.max(1, ratePerMinute / 120) ? (int) credit : 0;
  }

  /** When the next one may be handed over after so many were. */
  Instant nextAt(int ratePerMinute, int handedOver, @Nullable Instant nextAt, Instant now) {
    return from(nextAt, now)
        .plusNanos((long) ((double) handedOver * minute.toNanos() / ratePerMinute));
  }

  private Instant from(@Nullable Instant nextAt, Instant now) {
    // What was left unused longer ago is not made up for at once.
    Instant earliest = now.minus(sampleEvery());
    return nextAt == null || nextAt.isBefore(earliest) ? earliest : nextAt;
  }
}
