package io.fanfare.retry.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

  private static final Instant START = Instant.parse("2026-11-23T07:00:00Z");
  private static final boolean FAILS = true;
  private static final boolean GOES_WELL = false;

  private final RetryBudget budget = new RetryBudget(10, 0.5, Duration.ofSeconds(5), 1, START);

  @Test
  void isUsedUpOnceHalfOfTheTriesHaveFailedForLongEnough() {
    for (int second = 0; second < 10; second++) {
      assertThat(endsAt(second, second % 2 == 0)).as("second %d", second).isFalse();
    }
    // Half of the last ten, since the ninth second.
    for (int second = 10; second < 14; second++) {
      assertThat(endsAt(second, second % 2 == 0)).as("second %d", second).isFalse();
    }
    assertThat(endsAt(14, FAILS)).isTrue();
  }

  @Test
  void fewTriesNeverUseItUp() {
    for (int i = 0; i < 9; i++) {
      assertThat(endsAt(i * 100, FAILS)).isFalse();
    }
  }

  @Test
  void aMomentOfFailuresIsForgiven() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(budget.isUsedUpAfter(START.plusMillis(i), FAILS)).isFalse();
    }
    for (int i = 0; i < 6; i++) {
      assertThat(endsAt(2, GOES_WELL)).isFalse();
    }
    // Too many again, but the time counts from now.
    for (int i = 0; i < 10; i++) {
      assertThat(endsAt(6, FAILS)).isFalse();
    }
    assertThat(endsAt(10, FAILS)).isFalse();
    assertThat(endsAt(11, FAILS)).isTrue();
  }

  @Test
  void lessThanTheShareNeverUsesItUp() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(endsAt(i, i % 5 < 2)).isFalse();
    }
  }

  @Test
  void whatEndedBeforeItBeganDoesNotCount() {
    budget.startAnew(2, START.plusSeconds(100));
    for (int i = 0; i < 100; i++) {
      assertThat(endsAt(i, FAILS)).isFalse();
    }
    for (int i = 100; i < 114; i++) {
      assertThat(endsAt(i, FAILS)).as("second %d", i).isFalse();
    }
    assertThat(endsAt(114, FAILS)).isTrue();
    assertThat(budget.epoch()).isEqualTo(2);
  }

  @Test
  void aShareAboveOneTurnsItOff() {
    RetryBudget off = new RetryBudget(10, 1.1, Duration.ZERO, 1, START);
    for (int i = 0; i < 100; i++) {
      assertThat(off.isUsedUpAfter(START.plusSeconds(i), FAILS)).isFalse();
    }
  }

  private boolean endsAt(int second, boolean mayPass) {
    return budget.isUsedUpAfter(START.plusSeconds(second), mayPass);
  }
}
