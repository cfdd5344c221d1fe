package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.broadcast.BroadcastLifecycle.Change;
import io.fanfare.contract.broadcast.BroadcastState;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What may be done to a broadcast, and in which states. */
enum BroadcastAction {
  EDIT(null, null, BroadcastState.DRAFT),
  DELETE(null, null, BroadcastState.DRAFT),
  SCHEDULE(BroadcastState.SCHEDULED, Change.SCHEDULED, BroadcastState.DRAFT),
  UNSCHEDULE(BroadcastState.DRAFT, Change.UNSCHEDULED, BroadcastState.SCHEDULED),
  START(BroadcastState.RUNNING, Change.STARTED, BroadcastState.DRAFT, BroadcastState.SCHEDULED),
  PAUSE(BroadcastState.PAUSED, Change.PAUSED, BroadcastState.RUNNING),
  RESUME(BroadcastState.RUNNING, Change.RESUMED, BroadcastState.PAUSED),
  CANCEL(
      BroadcastState.CANCELLED,
      Change.CANCELLED,
      BroadcastState.SCHEDULED,
      BroadcastState.RUNNING,
      BroadcastState.PAUSED),
  COMPLETE(BroadcastState.COMPLETED, Change.COMPLETED, BroadcastState.RUNNING),
  FAIL(
      BroadcastState.FAILED,
      Change.FAILED,
      BroadcastState.SCHEDULED,
      BroadcastState.RUNNING,
      BroadcastState.PAUSED);

  private final @Nullable BroadcastState target;
  private final @Nullable Change change;
  private final Set<BroadcastState> from;

  BroadcastAction(
      @Nullable BroadcastState target, @Nullable Change change, BroadcastState... from) {
    this.target = target;
    this.change = change;
    this.from = Set.of(from);
  }

  /** Where it leads; null where the state stays. */
  @Nullable BroadcastState target() {
    return target;
  }

  /** What it is called afterwards; null where nobody is told. */
  @Nullable Change change() {
    return change;
  }

  boolean isAllowedIn(BroadcastState state) {
    return from.contains(state);
  }

  /** The name in the audit log and in refusals. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
