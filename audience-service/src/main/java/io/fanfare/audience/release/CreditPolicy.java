package io.fanfare.audience.release;

import java.time.Duration;

/** How many commands a lane may have outstanding, and when topping it up is worth a transaction. */
public final class CreditPolicy {

  private static final int REFILL_PARTS = 4;
  private static final int RESERVE_PARTS = 5;

  /** Commands outstanding on all lanes of an account without a limit before its pace is known. */
  static final int UNLIMITED_START = 400;

  private final Duration lookAhead;
  private final int unlimitedOutstanding;

  public CreditPolicy(Duration lookAhead, int unlimitedOutstanding) {
    this.lookAhead = lookAhead;
    this.unlimitedOutstanding = unlimitedOutstanding;
  }

  /**
   * Commands a lane may have outstanding: its share of the account's rate during the look-ahead, at
   * least one. Without a rate it is what the lane did lately: a lane that is emptied faster than
   * its look-ahead gets more the next time, so a fast one is at full speed within some turns, and a
   * slow one never has more waiting than it can do soon.
   *
   * @param ratePerSecond of the whole account; 0 means no limit
   * @param shards of the account
   * @param resultsPerSecond of the lane, lately
   */
  public int lookAhead(int ratePerSecond, int shards, double resultsPerSecond) {
    double perSecond = ratePerSecond == 0 ? resultsPerSecond : (double) ratePerSecond / shards;
    long commands = (long) (perSecond * lookAhead.toMillis() / 1000);
    if (ratePerSecond == 0) {
      int least = Math.min(Math.max(1, UNLIMITED_START / shards), unlimitedOutstanding);
      return (int) Math.clamp(commands, least, unlimitedOutstanding);
    }
    return (int) Math.clamp(commands, 1, Integer.MAX_VALUE);
  }

  /** The most a lane may have outstanding, whatever it did lately. */
  public int mostOutstanding(int ratePerSecond, int shards) {
    return lookAhead(ratePerSecond, shards, Double.MAX_VALUE);
  }

  /**
   * What a lane does now: a burst counts at once, a lull by halves, as results are told in bursts.
   *
   * @param before what it did before, in results a second
   */
  public static double resultsPerSecond(double before, long results, Duration elapsed) {
    return Math.max(results * 1e9 / Math.max(1, elapsed.toNanos()), before / 2);
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

  /**
   * A quarter of the look-ahead is free: early enough that the lane never runs dry.
   *
   * @param begins a broadcast begins on the lane, for which any credit is enough
   */
  public boolean worthReleasing(int credit, int lookAhead, boolean begins) {
    return credit >= (begins ? 1 : Math.max(1, lookAhead / REFILL_PARTS));
  }
}
