package io.fanfare.audience.freeze;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.freeze.DurationPlanner.Estimate;
import io.fanfare.audience.freeze.DurationPlanner.Load;
import io.fanfare.audience.freeze.DurationPlanner.Whole;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DurationPlannerTest {

  @Test
  void theSlowestChannelSaysHowLongItTakes() {
    Estimate estimate =
        DurationPlanner.estimate(
            whole(
                Map.of(
                    "email", new Load(1_000, 100.0, List.of()),
                    "telegram", new Load(900, 30.0, List.of()))));
    assertThat(estimate).isEqualTo(new Estimate(30L, "telegram"));
  }

  @Test
  void othersOnTheAccountGoAheadWithAsMuchAsTheBroadcastHasItself() {
    Load load = new Load(1_000, 100.0, List.of(1_000_000L, 300L));
    assertThat(load.ahead()).isEqualTo(1_300);
    assertThat(load.seconds()).isEqualTo(23);
  }

  @Test
  void ratesOfBroadcastAndTenantMayTakeLonger() {
    Map<String, Load> loads = Map.of("email", new Load(600, 100.0, List.of()));
    assertThat(
            DurationPlanner.estimate(
                new Whole(loads, 60, 0, 0, Duration.ZERO, 0, Duration.ZERO, 0, Duration.ZERO)))
        .isEqualTo(new Estimate(600L, "rate_per_minute"));
    assertThat(
            DurationPlanner.estimate(
                new Whole(loads, 60, 30, 0, Duration.ZERO, 0, Duration.ZERO, 0, Duration.ZERO)))
        .isEqualTo(new Estimate(1_200L, "tenant_rate_per_minute"));
  }

  @Test
  void whoWaitsIsSentToAfterThat() {
    Map<String, Load> loads = Map.of("email", new Load(600, 1.0, List.of()));
    assertThat(
            DurationPlanner.estimate(
                new Whole(
                    loads,
                    0,
                    0,
                    60,
                    Duration.ofHours(9),
                    300,
                    Duration.ofHours(4),
                    0,
                    Duration.ZERO)))
        .isEqualTo(new Estimate(9 * 3_600L + 60, "quiet_hours"));
    assertThat(
            DurationPlanner.estimate(
                new Whole(
                    loads,
                    0,
                    0,
                    60,
                    Duration.ofMinutes(1),
                    300,
                    Duration.ofHours(4),
                    0,
                    Duration.ZERO)))
        .isEqualTo(new Estimate(4 * 3_600L + 300, "ab_test"));
    assertThat(
            DurationPlanner.estimate(
                new Whole(
                    loads, 0, 0, 0, Duration.ZERO, 0, Duration.ZERO, 100, Duration.ofHours(20))))
        .isEqualTo(new Estimate(20 * 3_600L + 100, "send_time"));
  }

  @Test
  void nobodyGuessesARateNobodyKnows() {
    assertThat(DurationPlanner.estimate(whole(Map.of("email", new Load(600, null, List.of())))))
        .isEqualTo(new Estimate(null, "email"));
    assertThat(DurationPlanner.estimate(whole(Map.of("email", new Load(0, null, List.of())))))
        .isEqualTo(new Estimate(0L, null));
  }

  private static Whole whole(Map<String, Load> loads) {
    return new Whole(loads, 0, 0, 0, Duration.ZERO, 0, Duration.ZERO, 0, Duration.ZERO);
  }
}
