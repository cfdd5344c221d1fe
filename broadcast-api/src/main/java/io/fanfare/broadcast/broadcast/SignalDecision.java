package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.StateReason;
import java.util.Objects;

/**
 * What becomes of something another service asks for. Signals come late, twice, and from services
 * that had not yet seen the newest control; none of that may move a broadcast wrongly.
 */
sealed interface SignalDecision {

  /** Nothing is done. */
  record Ignore(String why) implements SignalDecision {}

  /** The number of recipients is known. */
  record StorePlanned(long planned) implements SignalDecision {}

  /** Every recipient has ended. */
  record Complete() implements SignalDecision {}

  /** Sending stops for now. */
  record Pause(StateReason reason) implements SignalDecision {}

  /** The hold-back of its test gets a variant. */
  record DecideWinner(String variant) implements SignalDecision {}

  /** Sending stops for good. */
  record Fail(StateReason reason) implements SignalDecision {}

  static SignalDecision decide(Broadcast broadcast, BroadcastSignal signal) {
    BroadcastRun run = broadcast.run();
    if (run == null) {
      return new Ignore("it has not started");
    }
    return switch (signal.signal()) {
      case FROZEN -> planned(broadcast, signal);
      case COMPLETE -> complete(broadcast, run, signal);
      case PAUSE -> pause(broadcast, run, signal);
      case FAIL -> fail(broadcast, signal);
      case WINNER -> winner(broadcast, run, signal);
    };
  }

  private static SignalDecision planned(Broadcast broadcast, BroadcastSignal signal) {
    if (signal.planned() == null || signal.planned().equals(broadcast.planned())) {
      return new Ignore("it says nothing new");
    }
    return new StorePlanned(signal.planned());
  }

  private static SignalDecision complete(
      Broadcast broadcast, BroadcastRun run, BroadcastSignal signal) {
    if (broadcast.state() != BroadcastState.RUNNING) {
      return new Ignore("it is " + broadcast.state().id());
    }
    // Whoever has not seen the newest control asks again once it has.
    return signal.epoch() < run.epoch() ? new Ignore("it is stale") : new Complete();
  }

  private static SignalDecision pause(
      Broadcast broadcast, BroadcastRun run, BroadcastSignal signal) {
    if (broadcast.state() != BroadcastState.RUNNING) {
      return new Ignore("it is " + broadcast.state().id());
    }
    return signal.epoch() < run.resumedEpoch()
        ? new Ignore("somebody has resumed it since")
        : new Pause(reason(signal, "paused_by_system", "a service asked for the pause"));
  }

  private static SignalDecision winner(
      Broadcast broadcast, BroadcastRun run, BroadcastSignal signal) {
    AbTest test = broadcast.settings().test();
    if (test == null || test.holdBackPercent() == 0) {
      return new Ignore("it holds nobody back");
    }
    if (broadcast.state() != BroadcastState.RUNNING && broadcast.state() != BroadcastState.PAUSED) {
      return new Ignore("it is " + broadcast.state().id());
    }
    if (run.winner() != null) {
      return new Ignore("the winner is " + run.winner());
    }
    String variant = signal.variant();
    if (test.variants().stream().noneMatch(each -> each.id().equals(variant))) {
      return new Ignore("it has no variant " + variant);
    }
    return new DecideWinner(Objects.requireNonNull(variant));
  }

  private static SignalDecision fail(Broadcast broadcast, BroadcastSignal signal) {
    return BroadcastAction.FAIL.isAllowedIn(broadcast.state())
        ? new Fail(reason(signal, "failed_by_system", "a service found that it cannot be run"))
        : new Ignore("it is " + broadcast.state().id());
  }

  private static StateReason reason(BroadcastSignal signal, String code, String detail) {
    return signal.reason() == null ? new StateReason(code, detail) : signal.reason();
  }
}
