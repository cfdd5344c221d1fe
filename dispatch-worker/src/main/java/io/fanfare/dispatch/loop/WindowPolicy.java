package io.fanfare.dispatch.loop;

/** How a worker's window of commands is shared. */
final class WindowPolicy {

  /** A limited lane holds so many seconds of its limit, more than is ever released ahead. */
  private static final int LANE_SECONDS = 6;

  private static final int SMALLEST_LANE = 50;
  private static final int RESERVED_PART = 8;

  private WindowPolicy() {}

  /**
   * How many commands one lane may have in the window before its partition is not read for now.
   *
   * @param limit what the lane may send in a second; 0 when it has no limit
   * @param capacity of the window
   */
  static int laneShare(int limit, int capacity) {
    int most = capacity / 2;
    return limit == 0 ? most : Math.clamp((long) limit * LANE_SECONDS, SMALLEST_LANE, most);
  }

  /**
   * Whether another read of commands of broadcasts would leave no room for one of single messages.
   *
   * @param size commands held
   * @param more commands of one read, at most
   */
  static boolean fullForBroadcasts(int size, int more, int capacity) {
    return size > 0 && size + more > capacity - Math.min(more, capacity / RESERVED_PART);
  }
}
