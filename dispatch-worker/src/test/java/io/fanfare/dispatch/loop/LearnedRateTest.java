package io.fanfare.dispatch.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LearnedRateTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final LearnedRate rate = new LearnedRate();

  @Test
  void aSingleRefusalOfAFastLaneIsAboutOneAddressAndManyInASecondAreAboutTheLane() {
    assertThat(rate.allowed(900, 0)).isEqualTo(900);
    for (int second = 1; second <= 60; second++) {
      rate.tooFast(second * SECOND, second * SECOND, 0);
    }
    assertThat(rate.allowed(900, 61 * SECOND)).isEqualTo(900);
    for (int refusal = 0; refusal < 9; refusal++) {
      rate.tooFast(70 * SECOND + refusal, 70 * SECOND + refusal, 0);
    }
    assertThat(rate.allowed(900, 71 * SECOND)).isEqualTo(630);
    assertThat(rate.allowed(900, 81 * SECOND)).isEqualTo(660);
  }

  @Test
  void sendsAtTheLimitUntilTheProviderObjects() {
    assertThat(rate.allowed(30, 0)).isEqualTo(30);
    assertThat(rate.slowed()).isFalse();
  }

  @Test
  void losesThreeTenthsAndGetsOneBackEveryTenCleanSecondsAfterTheRest() {
    rate.allowed(30, 0);
    rate.tooFast(SECOND, 2 * SECOND, 5 * SECOND);
    assertThat(rate.allowed(30, 2 * SECOND)).isEqualTo(21);
    assertThat(rate.allowed(30, 16 * SECOND)).isEqualTo(21);
    assertThat(rate.allowed(30, 17 * SECOND)).isEqualTo(22);
    assertThat(rate.allowed(30, 26 * SECOND)).isEqualTo(22);
    assertThat(rate.allowed(30, 27 * SECOND)).isEqualTo(23);
    assertThat(rate.allowed(30, 97 * SECOND)).isEqualTo(30);
    assertThat(rate.slowed()).isFalse();
    assertThat(rate.allowed(30, 500 * SECOND)).isEqualTo(30);
  }

  @Test
  void refusalsOfSendsUnderWayTogetherCountOnce() {
    rate.allowed(100, 0);
    for (int i = 0; i < 20; i++) {
      rate.tooFast(i, SECOND + i, SECOND);
    }
    assertThat(rate.allowed(100, 2 * SECOND)).isEqualTo(70);
    rate.tooFast(3 * SECOND, 4 * SECOND, SECOND);
    assertThat(rate.allowed(100, 4 * SECOND)).isEqualTo(49);
  }

  @Test
  void goesOnWithWhatTheOwnerBeforeLearnedUnderTheSameLimit() {
    rate.allowed(30, 0);
    rate.restore(21, 30, SECOND);
    assertThat(rate.learned()).isEqualTo(21);
    assertThat(rate.allowed(30, 10 * SECOND)).isEqualTo(21);
    assertThat(rate.allowed(30, 11 * SECOND)).isEqualTo(22);
    LearnedRate another = new LearnedRate();
    another.allowed(50, 0);
    another.restore(21, 30, 0);
    assertThat(another.allowed(50, 1)).isEqualTo(50);
    assertThat(another.learned()).as("nothing to keep").isZero();
  }

  @Test
  void neverFallsBelowOne() {
    rate.allowed(3, 0);
    for (int i = 1; i < 20; i++) {
      rate.tooFast(2 * i * SECOND, (2 * i + 1) * SECOND, SECOND);
    }
    assertThat(rate.allowed(3, 40 * SECOND)).isEqualTo(1);
    assertThat(rate.allowed(3, 60 * SECOND)).isEqualTo(3);
  }

  @Test
  void anotherLimitStartsAfreshAndWithoutOneNothingIsLearned() {
    rate.allowed(100, 0);
    rate.tooFast(1, 2, SECOND);
    assertThat(rate.allowed(50, 3)).isEqualTo(50);
    assertThat(rate.allowed(0, 4)).isZero();
    rate.tooFast(5, 6, SECOND);
    assertThat(rate.allowed(0, 7)).isZero();
    assertThat(rate.slowed()).isFalse();
  }

  /** A provider that takes 17 a second of a lane whose account says 30. */
  @Test
  void settlesJustBelowWhatTheProviderReallyTakes() {
    int accepted = 0;
    int refused = 0;
    long restUntil = 0;
    for (int second = 0; second < 600; second++) {
      long now = second * SECOND;
      if (now < restUntil) {
        continue;
      }
      int sends = rate.allowed(30, now);
      accepted += Math.min(sends, 17);
      if (sends > 17) {
        refused += sends - 17;
        rate.tooFast(now + 1, now + 2, SECOND);
        restUntil = now + SECOND;
      }
    }
    assertThat(accepted).isGreaterThan(600 * 13);
    assertThat(refused).isLessThan(600 / 10);
  }
}
