package io.fanfare.audience.release;

import java.time.Duration;

/** How many commands a lane may have outstanding, and when topping it up is worth a transaction. */
public final class CreditPolicy {

  private static final int REFILL_PARTS = 4;
  private static final int RESERVE_PARTS = 5;

  private final Duration lookAhead;
  private final int unlimitedOutstanding;

  public CreditPolicy(Duration lookAhead, int unlimitedOutstanding) {
    this.lookAhead = lookAhead;
    this.unlimitedOutstanding = unlimitedOutstanding;
  }

  /**
   * Commands a lane may have outstanding: its share of the account's rate during the look-ahead, at
   * least one.
   *
   * @param ratePerSecond of the whole account; 0 means no limit
   * @param shards of the account
   */
  public int lookAhead(int ratePerSecond, int shards) {
    if (ratePerSecond == 0) {
      return unlimitedOutstanding;
    }
    double commands = (double) ratePerSecond / shards * lookAhead.toMillis() / 1000;
    return (int) Math.clamp((long) commands, 1, Integer.MAX_VALUE);
  }

  /** What may be released now. */
  public int credit(int lookAhead, long outstanding) {
    // Less than none cannot be outstanding; should a counter be wrong, it must not open the gate.
    return (int) Math.max(0, lookAhead - Math.max(0, outstanding));
  }

  /**
   * What single messages may have outstanding beyond the look-ahead: broadcasts can fill that, and
   * no message waits for them.
   */
  public int reserve(int lookAhead) {
    return Math.max(1, lookAhead / RESERVE_PARTS);
  }

  /** What may be released now of single messages. */
  public int urgentCredit(int lookAhead, long outstanding) {
    return credit(lookAhead + reserve(lookAhead), outstanding);
  }

  /** A quarter of the look-ahead is free: early enough that the lane never runs dry. */
  public boolean worthReleasing(int credit, int lookAhead) {
    return credit >= Math.max(1, lookAhead / REFILL_PARTS);
  }
}
