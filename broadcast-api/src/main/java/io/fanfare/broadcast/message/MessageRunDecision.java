package io.fanfare.broadcast.message;

import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.StateReason;
import java.util.function.LongSupplier;

/**
 * What becomes of a signal about a broadcast that carries messages. It has nothing to do most of
 * its day, so it is complete only once no message can come any more and every accepted one is
 * counted.
 */
sealed interface MessageRunDecision {

  /** Nothing is done. */
  record Ignore(String why) implements MessageRunDecision {}

  /** It has ended. */
  record Complete() implements MessageRunDecision {}

  /** Sending stops for a while. */
  record Pause(StateReason reason) implements MessageRunDecision {}

  /**
   * @param accepted how many messages it carries; asked only where it matters
   */
  static MessageRunDecision decide(MessageRun run, BroadcastSignal signal, LongSupplier accepted) {
    if (run.state() != BroadcastState.RUNNING) {
      return new Ignore("it is " + run.state().id());
    }
    return switch (signal.signal()) {
      case COMPLETE -> complete(run, signal, accepted);
      case PAUSE -> pause(run, signal);
      case FROZEN, FAIL, WINNER -> new Ignore("it has no list");
    };
  }

  private static MessageRunDecision complete(
      MessageRun run, BroadcastSignal signal, LongSupplier accepted) {
    if (run.askedAt() == null) {
      return new Ignore("it takes messages");
    }
    if (signal.epoch() < run.control().epoch()) {
      return new Ignore("it is stale");
    }
    Long planned = signal.planned();
    if (planned == null || planned != accepted.getAsLong()) {
      return new Ignore("messages are on their way");
    }
    return new Complete();
  }

  private static MessageRunDecision pause(MessageRun run, BroadcastSignal signal) {
    if (signal.epoch() < run.resumedEpoch()) {
      return new Ignore("it has been resumed since");
    }
    StateReason reason = signal.reason();
    return new Pause(
        reason == null
            ? new StateReason("paused_by_system", "a service asked for the pause")
            : reason);
  }
}
