package io.fanfare.dispatch.engagement.telegram;

import java.time.Duration;

/**
 * How long this worker may ask for a bot's updates, by its own clock. A request begins only when it
 * is sure to end before the lease does, so that no other worker asks meanwhile.
 */
final class PollLease {

  private final long leaseNanos;
  private final long callNanos;
  private volatile long heldSince;
  private volatile boolean lost;

  /**
   * @param call the longest one request takes
   * @param heldSince when the call began that got the lease
   */
  PollLease(Duration lease, Duration call, long heldSince) {
    this.leaseNanos = lease.toNanos();
    this.callNanos = call.toNanos();
    this.heldSince = heldSince;
  }

  /** It was renewed by a call that began then. */
  void renewed(long nanos) {
    heldSince = nanos;
  }

  /** Another worker has it, or it was given up. */
  void lose() {
    lost = true;
  }

  boolean isLost() {
    return lost;
  }

  boolean mayAsk(long nowNanos) {
    return !lost && nowNanos - heldSince + callNanos <= leaseNanos;
  }
}
