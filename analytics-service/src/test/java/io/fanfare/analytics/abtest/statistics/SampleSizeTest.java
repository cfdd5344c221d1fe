package io.fanfare.analytics.abtest.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SampleSizeTest {

  // The examples of R's own page ?power.prop.test: p1 = .50, p2 = .75, power = .90 gives n = 76.7;
  // n = 50 gives power = 0.740.
  @Test
  void agreesWithR() {
    SampleSize once = new SampleSize(0.05, 1);
    assertThat(once.perGroup(0.5, 0.75, 0.9)).isEqualTo(77);
    assertThat(once.power(50, 0.5, 0.75)).isCloseTo(0.740, within(0.0006));
    assertThat(once.inflation(0.9)).isCloseTo(1, within(1e-5));
  }

  @Test
  void looksCostAFewInAHundred() {
    SampleSize once = new SampleSize(0.05, 1);
    SampleSize fiveTimes = new SampleSize(0.05, 5);
    double ratio = (double) fiveTimes.perGroup(0.05, 0.06, 0.8) / once.perGroup(0.05, 0.06, 0.8);
    assertThat(ratio).isBetween(1.015, 1.035);
  }

  @Test
  void sizePowerAndDetectableEffectAreOneAnothersInverse() {
    SampleSize size = new SampleSize(0.025, 4);
    long sample = size.perGroup(0.1, 0.12, 0.85);
    assertThat(size.power(sample, 0.1, 0.12)).isCloseTo(0.85, within(0.001));
    assertThat(size.detectable(sample, 0.1, 0.85).getAsDouble()).isCloseTo(0.02, within(0.0001));
    assertThat(size.power(sample, 0.1, 0.1)).isCloseTo(0.025, within(0.0001));
  }

  @Test
  void tooFewFindNothing() {
    assertThat(new SampleSize(0.05, 1).detectable(10, 0.99, 0.99)).isEmpty();
  }
}
