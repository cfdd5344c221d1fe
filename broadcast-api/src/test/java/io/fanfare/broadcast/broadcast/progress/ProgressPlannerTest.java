package io.fanfare.broadcast.broadcast.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broadcast.broadcast.AudienceChoice;
import io.fanfare.broadcast.broadcast.BroadcastView;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.ChannelMode;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProgressPlannerTest {

  private static final UUID ID = UUID.randomUUID();
  private static final Instant START = Instant.parse("2026-05-01T09:00:00Z");
  private static final Instant NOW = START.plusSeconds(20);

  private static BroadcastView broadcast(BroadcastState state) {
    return new BroadcastView(
        ID,
        "x",
        state,
        null,
        1,
        ID,
        1L,
        ID,
        new AudienceChoice(null, null),
        List.of(),
        DeliveryPolicy.NEVER_TWICE,
        Map.of(),
        0,
        ChannelMode.ALL,
        null,
        null,
        null,
        START,
        null,
        START,
        "x",
        Map.of(),
        null);
  }

  private static AudienceProgress audience(long planned, long sent, long skipped) {
    return new AudienceProgress(
        true,
        planned,
        planned - sent - skipped,
        0,
        0,
        sent,
        0,
        0,
        0,
        skipped,
        0,
        null,
        null,
        null,
        null);
  }

  private static BroadcastProgress compose(
      BroadcastState state, AudienceProgress audience, @Nullable Double measured) {
    return ProgressPlanner.compose(broadcast(state), audience, measured, NOW);
  }

  @Test
  void estimatesFromTheMeasuredRate() {
    BroadcastProgress progress = compose(BroadcastState.RUNNING, audience(1_000, 400, 100), 25.04);
    assertThat(progress.ratePerSecond()).isEqualTo(25.0);
    assertThat(progress.percent()).isEqualTo(50.0);
    assertThat(progress.estimatedCompletionAt()).isEqualTo(NOW.plusSeconds(20));
  }

  @Test
  void takesTheAverageSinceTheStartUntilARateIsMeasured() {
    assertThat(compose(BroadcastState.RUNNING, audience(1_000, 400, 100), null).ratePerSecond())
        .isEqualTo(20.0);
  }

  @Test
  void estimatesNothingWhilePausedOrWithoutARate() {
    assertThat(
            compose(BroadcastState.PAUSED, audience(1_000, 400, 0), 25.0).estimatedCompletionAt())
        .isNull();
    assertThat(
            compose(BroadcastState.RUNNING, audience(1_000, 400, 0), 0.0).estimatedCompletionAt())
        .isNull();
    assertThat(compose(BroadcastState.CANCELLED, audience(1_000, 400, 0), 25.0).ratePerSecond())
        .isZero();
  }

  @Test
  void saysAHundredPercentOnlyWhenNobodyIsLeft() {
    assertThat(compose(BroadcastState.RUNNING, audience(1_000_000, 999_999, 0), 1.0).percent())
        .isEqualTo(99.9);
    assertThat(compose(BroadcastState.COMPLETED, audience(1_000, 1_000, 0), null).percent())
        .isEqualTo(100);
    assertThat(compose(BroadcastState.COMPLETED, audience(0, 0, 0), null).percent()).isEqualTo(100);
    assertThat(compose(BroadcastState.RUNNING, AudienceProgress.NOTHING, null).percent()).isZero();
  }

  @Test
  void nothingIsDoneBeforeTheTimeOfTheLastOneThatWaits() {
    Instant evening = NOW.plusSeconds(9 * 3_600);
    AudienceProgress some = waiting(1_000, 500, 400, evening);
    assertThat(compose(BroadcastState.RUNNING, some, 10.0).estimatedCompletionAt())
        .isEqualTo(evening);
    AudienceProgress many = waiting(1_000_000, 500_000, 400_000, evening);
    assertThat(compose(BroadcastState.RUNNING, many, 1.0).estimatedCompletionAt())
        .isEqualTo(NOW.plusSeconds(100_000));
    AudienceProgress all = waiting(1_000, 600, 400, evening);
    assertThat(compose(BroadcastState.RUNNING, all, 0.0).estimatedCompletionAt())
        .isEqualTo(evening);
    assertThat(compose(BroadcastState.PAUSED, all, 0.0).estimatedCompletionAt()).isNull();
    BroadcastProgress shown = compose(BroadcastState.RUNNING, all, 0.0);
    assertThat(shown.waiting()).isEqualTo(400);
    assertThat(shown.waitingUntil()).isEqualTo(evening);
  }

  private static AudienceProgress waiting(long planned, long sent, long waiting, Instant until) {
    return new AudienceProgress(
        true,
        planned,
        planned - sent,
        0,
        0,
        sent,
        0,
        0,
        0,
        0,
        0,
        null,
        null,
        null,
        null,
        waiting,
        until);
  }
}
