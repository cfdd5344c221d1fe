package io.fanfare.audience.release;

import io.fanfare.contract.broadcast.BroadcastState;

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

  /** Due retries; a cancelled broadcast's go out too: the worker ends them as cancelled. */
  public static boolean mayReleaseRetries(BroadcastState state) {
    return state.maySend() || state.endsSending();
  }
}
