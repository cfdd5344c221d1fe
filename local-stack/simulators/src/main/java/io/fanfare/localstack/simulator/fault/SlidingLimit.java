package io.fanfare.localstack.simulator.fault;

/** Lets at most so many through in any sliding second. */
final class SlidingLimit {

  private static final long SECOND = 1_000_000_000L;

  private final long[] accepted;
  private int next;
  private int filled;

  SlidingLimit(int perSecond) {
    accepted = new long[perSecond];
  }

  synchronized boolean admits(long nanos) {
    if (accepted.length == 0) {
      return true;
    }
    if (filled == accepted.length && nanos - accepted[next] < SECOND) {
      return false;
    }
    accepted[next] = nanos;
    next = (next + 1) % accepted.length;
    filled = Math.min(filled + 1, accepted.length);
    return true;
  }
}
