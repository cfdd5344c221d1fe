package io.fanfare.retry.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the newest tries of one broadcast and says when too many of them fail in a way that may
 * pass: then going on costs attempts and brings nothing. What ended before it began to look, such
 * as before a resume, does not count.
 */
final class RetryBudget {

  private final int tries;
  private final int allowed;
  private final Duration lasting;
  private final BitSet failed;
  private long epoch;
  private Instant since;
  private int next;
  private int seen;
  private @Nullable Instant exceededSince;

  /**
   * @param tries how many of the newest tries are looked at
   * @param share the share of them that has to fail
   * @param lasting for how long without a break
   * @param epoch the control epoch it looks at
   * @param since what ended before does not count
   */
  RetryBudget(int tries, double share, Duration lasting, long epoch, Instant since) {
    this.tries = tries;
    this.allowed = (int) Math.ceil(share * tries);
    this.lasting = lasting;
    this.failed = new BitSet(tries);
    this.epoch = epoch;
    this.since = since;
  }

  /** The control epoch it looks at. */
  long epoch() {
    return epoch;
  }

  /**
   * Takes in how one more try ended.
   *
   * @param at when it ended
   * @param mayPass it failed in a way that may pass
   * @return whether the budget is used up
   */
  boolean isUsedUpAfter(Instant at, boolean mayPass) {
    if (at.isBefore(since)) {
      return false;
    }
    failed.set(next, mayPass);
    next = (next + 1) % tries;
    seen = Math.min(seen + 1, tries);
    if (seen < tries || failed.cardinality() < allowed) {
      exceededSince = null;
      return false;
    }
    if (exceededSince == null) {
      exceededSince = at;
    }
    return !at.isBefore(exceededSince.plus(lasting));
  }

  /** Forgets everything and looks at what ends from now on. */
  void startAnew(long newEpoch, Instant now) {
    epoch = newEpoch;
    since = now;
    next = 0;
    seen = 0;
    exceededSince = null;
    failed.clear();
  }
}
