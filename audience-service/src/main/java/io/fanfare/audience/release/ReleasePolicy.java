package io.fanfare.audience.release;

import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastState;
import java.util.LinkedHashMap;
import java.util.Map;

/** What may be released of a broadcast in a state. */
public final class ReleasePolicy {

  private ReleasePolicy() {}

  /**
   * Recipients that were never handed over, came back unsent or fell back: the last also of a
   * completed broadcast, after a doubt that was an end is settled or sent again.
   */
  public static boolean mayReleasePending(BroadcastState state) {
    return state == BroadcastState.RUNNING || state == BroadcastState.COMPLETED;
  }

  /**
   * The shares, in percent, of the variants whose recipients may be released; empty where nothing
   * is tested. Those who wait for the winner have none until it is known.
   *
   * @param releaseHeldBack they have, which is wrong
   */
  static Map<String, Integer> releasedShares(BroadcastControl control, boolean releaseHeldBack) {
    AbTest test = control.abTest();
    if (test == null) {
      return Map.of();
    }
    Map<String, Integer> shares = new LinkedHashMap<>();
    test.variants().forEach(variant -> shares.put(variant.id(), variant.percent()));
    if (test.holdBackPercent() > 0 && (releaseHeldBack || !control.holdsBack())) {
      shares.put(AbTest.HOLD_BACK, test.holdBackPercent());
    }
    return shares;
  }

  /** Due retries; a cancelled broadcast's go out too: the worker ends them as cancelled. */
  public static boolean mayReleaseRetries(BroadcastState state) {
    return state.maySend() || state.endsSending();
  }
}
