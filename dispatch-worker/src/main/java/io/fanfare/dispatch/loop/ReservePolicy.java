package io.fanfare.dispatch.loop;

import java.time.Duration;

/**
 * What is kept of a bounded thing for single messages: a fifth of it that broadcasts leave alone
 * while messages come, and for a minute after the last one. What nobody asks for is used by either.
 */
public final class ReservePolicy {

  /** How long after a message the next one is expected. */
  static final Duration EXPECTED = Duration.ofMinutes(1);

  private static final int PARTS = 5;
  private static final int SMALLEST = 3;

  private ReservePolicy() {}

  /**
   * What is kept: a fifth, at least one, but nothing of what cannot be divided.
   *
   * @param capacity of the whole
   */
  static int reserve(int capacity) {
    return capacity < SMALLEST ? 0 : Math.max(1, capacity / PARTS);
  }

  /**
   * What a broadcast may take of what is free.
   *
   * @param capacity of the whole; 0 when it is not bounded
   * @param messagesExpected a message came within {@link #EXPECTED}
   */
  public static int forBroadcasts(int free, int capacity, boolean messagesExpected) {
    return messagesExpected ? Math.max(0, free - reserve(capacity)) : free;
  }
}
