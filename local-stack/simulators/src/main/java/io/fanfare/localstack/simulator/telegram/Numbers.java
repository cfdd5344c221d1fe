package io.fanfare.localstack.simulator.telegram;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Where the numbers of messages and updates begin. Another start begins elsewhere, as whoever has
 * kept those of an earlier one would take the new messages for the old; within 32 bits, as the Bot
 * API's are.
 */
final class Numbers {

  private static final long FIRST_MOST = 1_000_000_000;

  private Numbers() {}

  static long first() {
    return ThreadLocalRandom.current().nextLong(1, FIRST_MOST);
  }
}
