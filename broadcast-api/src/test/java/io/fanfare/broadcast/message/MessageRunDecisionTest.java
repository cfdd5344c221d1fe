package io.fanfare.broadcast.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import io.fanfare.contract.SendClass;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.broadcast.StateReason;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageRunDecisionTest {

  private static final Instant NOW = Instant.parse("2026-11-24T00:10:00Z");
  private static final StateReason REFUSED = new StateReason("account_refused", "535 no");

  private final MessageRun running = running();

  @Test
  void isNeverCompleteWhileItTakesMessages() {
    assertThat(decide(running, signal(Signal.COMPLETE, 1, 3L), 3))
        .isInstanceOf(MessageRunDecision.Ignore.class);
  }

  @Test
  void isCompleteOnceItsDayIsOverAndEveryMessageIsCounted() {
    MessageRun asked = running.asked(NOW);
    assertThat(decide(asked, signal(Signal.COMPLETE, 2, 3L), 3))
        .isInstanceOf(MessageRunDecision.Complete.class);
    assertThat(decide(asked, signal(Signal.COMPLETE, 2, 2L), 3))
        .as("one is on its way")
        .isInstanceOf(MessageRunDecision.Ignore.class);
    assertThat(decide(asked, signal(Signal.COMPLETE, 1, 3L), 3))
        .as("asked before the day was over")
        .isInstanceOf(MessageRunDecision.Ignore.class);
    assertThat(decide(asked, signal(Signal.COMPLETE, 2, null), 3))
        .isInstanceOf(MessageRunDecision.Ignore.class);
  }

  @Test
  void pausesOnceAndNotForWhatWasSeenBeforeItWasResumed() {
    assertThat(decide(running, signal(Signal.PAUSE, 1, null), 0))
        .isEqualTo(new MessageRunDecision.Pause(REFUSED));
    MessageRun paused = running.moved(BroadcastState.PAUSED, REFUSED);
    assertThat(decide(paused, signal(Signal.PAUSE, 1, null), 0))
        .isInstanceOf(MessageRunDecision.Ignore.class);
    MessageRun resumed = paused.moved(BroadcastState.RUNNING, null);
    assertThat(decide(resumed, signal(Signal.PAUSE, 1, null), 0))
        .isInstanceOf(MessageRunDecision.Ignore.class);
    assertThat(decide(resumed, signal(Signal.PAUSE, 3, null), 0))
        .isInstanceOf(MessageRunDecision.Pause.class);
  }

  private static MessageRunDecision decide(MessageRun run, BroadcastSignal signal, long accepted) {
    return MessageRunDecision.decide(run, signal, () -> accepted);
  }

  private BroadcastSignal signal(Signal signal, long epoch, @Nullable Long planned) {
    return new BroadcastSignal(
        running.id(),
        running.control().tenantId(),
        signal,
        epoch,
        planned,
        signal == Signal.PAUSE ? REFUSED : null,
        NOW);
  }

  private static MessageRun running() {
    return new MessageRun(
        new BroadcastControl(
            UUID.randomUUID(),
            UUID.randomUUID(),
            "Code",
            1,
            BroadcastState.RUNNING,
            null,
            List.of(new ChannelPlan(Channel.EMAIL, UUID.randomUUID(), 1, List.of())),
            DeliveryPolicy.AT_LEAST_ONCE,
            SendClass.PRIORITY,
            LocalDate.parse("2026-11-23"),
            List.of(),
            Map.of(),
            NOW),
        1,
        1,
        null,
        null);
  }
}
