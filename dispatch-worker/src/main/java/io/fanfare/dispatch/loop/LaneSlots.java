package io.fanfare.dispatch.loop;

import java.util.ArrayDeque;

/**
 * The rate limit of a lane, held at the provider: as many slots as sends allowed in a window, each
 * held from before the claim until the answer and one window more. Whenever the message arrived in
 * between, no window at the provider can see more. Times are monotonic nanoseconds.
 */
public final class LaneSlots {

  private final long windowNanos;
  private final ArrayDeque<Long> cooling = new ArrayDeque<>();
  private int capacity;
  private int held;
  private long quietUntil;
  private long othersUntil;

  /**
   * @param windowNanos the provider's window plus a margin
   */
  public LaneSlots(long windowNanos, long nowNanos) {
    this.windowNanos = windowNanos;
    this.quietUntil = nowNanos;
    this.othersUntil = nowNanos;
  }

  /**
   * Sets the limit.
   *
   * @param slots sends in a window; 0 for no limit
   */
  public void capacity(int slots, long nowNanos) {
    if (capacity == 0 && slots > 0 && held > 0) {
      // What was sent without a limit is not cooling: let a window pass.
      quiet(nowNanos + windowNanos);
    }
    capacity = slots;
  }

  /** Sends in a window; 0 for no limit. */
  int capacity() {
    return capacity;
  }

  boolean limited() {
    return capacity > 0;
  }

  /** How many sends may start now. */
  public int free(long nowNanos) {
    while (!cooling.isEmpty() && cooling.element() - nowNanos <= 0) {
      cooling.remove();
    }
    if (quietUntil - nowNanos > 0 || (limited() && othersUntil - nowNanos > 0)) {
      return 0;
    }
    return capacity == 0 ? Integer.MAX_VALUE : Math.max(0, capacity - held - cooling.size());
  }

  /** A send is about to be claimed. */
  public void take() {
    held++;
  }

  /** A send was answered, or nobody knows: its slot cools down for a window. */
  public void answered(long nowNanos) {
    held--;
    if (capacity > 0) {
      cooling.add(nowNanos + windowNanos);
    }
  }

  /** Nothing was written: the slot is free at once. */
  public void giveBack() {
    held--;
  }

  /** How long no send may start because the provider wants it so. */
  long restNanos(long nowNanos) {
    return Math.max(0, quietUntil - nowNanos);
  }

  /** No send starts before this instant. */
  void quiet(long untilNanos) {
    if (untilNanos - quietUntil > 0) {
      quietUntil = untilNanos;
    }
  }

  /**
   * Another worker may have sent on this lane until this instant; matters where there is a limit.
   */
  void others(long untilNanos) {
    if (untilNanos - othersUntil > 0) {
      othersUntil = untilNanos;
    }
  }

  /** Nothing is held or cooling: the lane can be forgotten. */
  boolean idle(long nowNanos) {
    return held == 0
        && (cooling.isEmpty() || cooling.getLast() - nowNanos <= 0)
        && quietUntil - nowNanos <= 0;
  }
}
