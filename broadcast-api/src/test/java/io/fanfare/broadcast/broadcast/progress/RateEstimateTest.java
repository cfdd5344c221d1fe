package io.fanfare.broadcast.broadcast.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RateEstimateTest {

  private static final Instant START = Instant.parse("2026-05-01T09:00:00Z");

  private final RateEstimate rate = new RateEstimate();

  private void sample(long millis, long ended) {
    rate.add(START.plusMillis(millis), ended);
  }

  @Test
  void isUnknownBeforeTwoSamples() {
    assertThat(rate.perSecond()).isNull();
    sample(0, 10);
    assertThat(rate.perSecond()).isNull();
    sample(0, 20);
    assertThat(rate.perSecond()).isNull();
  }

  @Test
  void followsAChangeWithinItsWindow() {
    for (int half = 0; half <= 40; half++) {
      sample(half * 500, half * 50L);
    }
    assertThat(rate.perSecond()).isCloseTo(100, Offset.offset(0.01));
    for (int half = 1; half <= 11; half++) {
      sample(20_000 + half * 500, 2_000);
    }
    assertThat(rate.perSecond()).isZero();
  }

  @Test
  void spansAGapBetweenSamples() {
    sample(0, 0);
    sample(60_000, 600);
    assertThat(rate.perSecond()).isCloseTo(10, Offset.offset(0.01));
  }

  @Test
  void isNeverNegative() {
    sample(0, 10);
    sample(1_000, 5);
    assertThat(rate.perSecond()).isZero();
  }
}
