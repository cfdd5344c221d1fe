package io.fanfare.broadcast.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.ChannelMode;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.broadcast.StateReason;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignalDecisionTest {

  private static final UUID ID = UUID.randomUUID();
  private static final Instant AT = Instant.parse("2026-05-01T09:00:00Z");
  private static final StateReason REASON = new StateReason("account_refused", "535");

  private static Broadcast broadcast(
      BroadcastState state, long epoch, long resumedEpoch, @Nullable Long planned) {
    BroadcastRun run =
        new BroadcastRun(1, List.of(), LocalDate.EPOCH, List.of(), epoch, resumedEpoch, AT);
    BroadcastSettings settings =
        new BroadcastSettings(
            "x",
            ID,
            AudienceChoice.ofList(ID),
            List.of(),
            DeliveryPolicy.NEVER_TWICE,
            Map.of(),
            0,
            ChannelMode.ALL,
            null);
    return new Broadcast(
        ID, ID, settings, state, null, 1, epoch == 0 ? null : run, planned, null, null, AT, "x");
  }

  private static BroadcastSignal signal(Signal signal, long epoch) {
    return new BroadcastSignal(ID, ID, signal, epoch, 7L, REASON, AT);
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsDoneBeforeTheStart(Signal signal) {
    assertThat(
            SignalDecision.decide(
                broadcast(BroadcastState.SCHEDULED, 0, 0, null), signal(signal, 1)))
        .isInstanceOf(SignalDecision.Ignore.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "FAILED", "CANCELLED"})
  void nothingMovesABroadcastThatHasEnded(BroadcastState end) {
    for (Signal signal : List.of(Signal.COMPLETE, Signal.PAUSE, Signal.FAIL)) {
      assertThat(SignalDecision.decide(broadcast(end, 3, 1, null), signal(signal, 3)))
          .as("%s", signal)
          .isInstanceOf(SignalDecision.Ignore.class);
    }
  }

  @Test
  void theNumberOfRecipientsIsStoredOnce() {
    assertThat(
            SignalDecision.decide(
                broadcast(BroadcastState.RUNNING, 2, 1, null), signal(Signal.FROZEN, 1)))
        .isEqualTo(new SignalDecision.StorePlanned(7));
    assertThat(
            SignalDecision.decide(
                broadcast(BroadcastState.RUNNING, 2, 1, 7L), signal(Signal.FROZEN, 1)))
        .isInstanceOf(SignalDecision.Ignore.class);
  }

  @Test
  void completesOnlyByWhoHasSeenTheNewestControl() {
    Broadcast running = broadcast(BroadcastState.RUNNING, 3, 3, 7L);
    assertThat(SignalDecision.decide(running, signal(Signal.COMPLETE, 2)))
        .isInstanceOf(SignalDecision.Ignore.class);
    assertThat(SignalDecision.decide(running, signal(Signal.COMPLETE, 3)))
        .isEqualTo(new SignalDecision.Complete());
    assertThat(
            SignalDecision.decide(
                broadcast(BroadcastState.PAUSED, 4, 3, 7L), signal(Signal.COMPLETE, 4)))
        .isInstanceOf(SignalDecision.Ignore.class);
  }

  @Test
  void pauseAskedForBeforeTheLastResumeIsStale() {
    Broadcast resumed = broadcast(BroadcastState.RUNNING, 3, 3, 7L);
    assertThat(SignalDecision.decide(resumed, signal(Signal.PAUSE, 1)))
        .isInstanceOf(SignalDecision.Ignore.class);
    assertThat(SignalDecision.decide(resumed, signal(Signal.PAUSE, 3)))
        .isEqualTo(new SignalDecision.Pause(REASON));
  }

  @ParameterizedTest
  @EnumSource
  void aWinnerIsDecidedOnceWhileItIsUnderWay(BroadcastState state) {
    SignalDecision first = decideWinner(state, 80, null, "b");
    if (state == BroadcastState.RUNNING || state == BroadcastState.PAUSED) {
      assertThat(first).isEqualTo(new SignalDecision.DecideWinner("b"));
    } else {
      assertThat(first).isInstanceOf(SignalDecision.Ignore.class);
    }
    assertThat(decideWinner(state, 80, "b", "a")).isInstanceOf(SignalDecision.Ignore.class);
    assertThat(decideWinner(state, 80, null, "c")).isInstanceOf(SignalDecision.Ignore.class);
    assertThat(decideWinner(state, 80, null, null)).isInstanceOf(SignalDecision.Ignore.class);
    assertThat(decideWinner(state, 0, null, "b")).isInstanceOf(SignalDecision.Ignore.class);
  }

  private static SignalDecision decideWinner(
      BroadcastState state, int held, @Nullable String known, @Nullable String asked) {
    AbTestPlan.Variant variant = new AbTestPlan.Variant("x", (100 - held) / 2, null, null);
    AbTestPlan plan =
        new AbTestPlan(
            List.of(variant, variant),
            held,
            null,
            null,
            null,
            null,
            Duration.ofHours(1),
            null,
            null,
            null,
            null);
    BroadcastSettings settings =
        new BroadcastSettings(
            "x",
            ID,
            AudienceChoice.ofList(ID),
            List.of(new ChannelChoice(Channel.EMAIL, ID)),
            DeliveryPolicy.NEVER_TWICE,
            Map.of(),
            0,
            ChannelMode.ALL,
            plan);
    BroadcastRun run = new BroadcastRun(1, List.of(), LocalDate.EPOCH, List.of(), 1, 1, AT, known);
    Broadcast broadcast =
        new Broadcast(ID, ID, settings, state, null, 1, run, null, null, null, AT, "x");
    return SignalDecision.decide(
        broadcast, new BroadcastSignal(ID, ID, Signal.WINNER, 1, null, null, AT, asked));
  }

  @ParameterizedTest
  @EnumSource(names = {"RUNNING", "PAUSED"})
  void failsWhereverItStands(BroadcastState state) {
    assertThat(SignalDecision.decide(broadcast(state, 3, 3, null), signal(Signal.FAIL, 1)))
        .isEqualTo(new SignalDecision.Fail(REASON));
  }
}
