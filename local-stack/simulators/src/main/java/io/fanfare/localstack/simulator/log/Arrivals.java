package io.fanfare.localstack.simulator.log;

import java.util.Arrays;

/**
 * Times of acceptance in nanoseconds since the epoch, and the most of them in any sliding second.
 */
final class Arrivals {

  private static final long SECOND = 1_000_000_000L;

  private long[] nanos = new long[64];
  private int size;

  synchronized void add(long epochNanos) {
    if (size == nanos.length) {
      nanos = Arrays.copyOf(nanos, size * 2);
    }
    nanos[size++] = epochNanos;
  }

  /** Ascending. */
  synchronized long[] sorted() {
    var copy = Arrays.copyOf(nanos, size);
    Arrays.sort(copy);
    return copy;
  }

  static int peakPerSecond(long[] sorted) {
    int peak = 0;
    int oldest = 0;
    for (int newest = 0; newest < sorted.length; newest++) {
      while (sorted[newest] - sorted[oldest] >= SECOND) {
        oldest++;
      }
      peak = Math.max(peak, newest - oldest + 1);
    }
    return peak;
  }
}
