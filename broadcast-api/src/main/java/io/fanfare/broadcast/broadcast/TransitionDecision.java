package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.broadcast.BroadcastLifecycle.Change;
import io.fanfare.contract.broadcast.BroadcastState;
import java.util.Locale;

/** Whether an action may be done to a broadcast in some state, and where it leads. */
sealed interface TransitionDecision {

  /** The state stays what it is. */
  record Stay() implements TransitionDecision {}

  /** The state changes. */
  record Move(BroadcastState target, Change change) implements TransitionDecision {}

  /**
   * It may not be done.
   *
   * @param detail why, for people
   */
  record Refuse(String detail) implements TransitionDecision {}

  static TransitionDecision decide(BroadcastState state, BroadcastAction action) {
    if (!action.isAllowedIn(state)) {
      return new Refuse(refusal(state, action));
    }
    BroadcastState target = action.target();
    Change change = action.change();
    return target == null || change == null ? new Stay() : new Move(target, change);
  }

  private static String refusal(BroadcastState state, BroadcastAction action) {
    String refused = "a %s broadcast cannot be %s".formatted(state.id(), participle(action));
    return switch (action) {
      case EDIT, DELETE -> refused + ", only a draft can";
      case CANCEL -> state == BroadcastState.DRAFT ? refused + "; delete it instead" : refused;
      case SCHEDULE ->
          state == BroadcastState.SCHEDULED ? refused + " again; unschedule it first" : refused;
      case START, UNSCHEDULE, PAUSE, RESUME, COMPLETE, FAIL -> refused;
    };
  }

  private static String participle(BroadcastAction action) {
    String verb = action.name().toLowerCase(Locale.ROOT);
    return switch (action) {
      case CANCEL -> "cancelled";
      case PAUSE, RESUME, DELETE, SCHEDULE, UNSCHEDULE, COMPLETE -> verb + "d";
      case EDIT, START, FAIL -> verb + "ed";
    };
  }
}
