package io.fanfare.audience.release;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import java.util.List;
import java.util.UUID;

/**
 * A lane with something to release.
 *
 * @param figures as they were when it was looked at, without a lock
 * @param broadcasts those that have pending recipients or due retries on it
 */
record LaneWork(Channel channel, Lane lane, LaneFigures figures, List<Waiting> broadcasts) {

  /**
   * What a broadcast has waiting on the lane.
   *
   * @param pending recipients not handed over yet, those that are held back left out; 0 when the
   *     broadcast may not release them
   * @param retries some of its retries are due
   * @param urgent they are single messages
   * @param issued distinct commands ever released of it on the lane
   */
  record Waiting(
      UUID tenantId, UUID broadcastId, long pending, boolean retries, boolean urgent, long issued) {

    /**
     * What it may release before the others because it begins here: its part of the look-ahead,
     * once. The others had theirs, and one that is small is over with it.
     */
    long beginning(long part) {
      return urgent || pending == 0 ? 0 : Math.max(0, part - issued);
    }
  }

  /** Single messages wait here. */
  boolean urgent() {
    return broadcasts.stream().anyMatch(Waiting::urgent);
  }

  /** The part of the look-ahead that each broadcast has, those of single messages left out. */
  long part(int lookAhead) {
    return lookAhead / Math.max(1, broadcasts.stream().filter(other -> !other.urgent()).count());
  }

  /** A broadcast begins here, which need not wait until topping up the lane is worth it. */
  boolean begins(int lookAhead) {
    long part = part(lookAhead);
    return broadcasts.stream().anyMatch(waiting -> waiting.beginning(part) > 0);
  }

  /**
   * What a lane's credit follows from.
   *
   * @param outstanding commands released and without a result, or recipients in flight where these
   *     are more: returned ones are in flight until they have been put back
   * @param issued distinct commands ever released on it
   * @param ratePerSecond of the account; 0 means no limit
   * @param shards of the account
   * @param resultsPerSecond what it did lately
   */
  record LaneFigures(
      long outstanding, long issued, int ratePerSecond, int shards, double resultsPerSecond) {}
}
