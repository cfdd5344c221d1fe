package io.fanfare.analytics.abtest.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Boundaries, power and p-values of several looks, against published tables and against rectangle
 * probabilities of the multivariate normal; {@link ReferenceTest} has more of them, with what
 * computed them.
 */
class GroupSequentialTest {

  // Jennison & Turnbull (2000), Table 2.3, C_B(K, 0.05): z_k = C √(K / k) has size 0.05.
  @ParameterizedTest
  @CsvSource({"1, 1.960", "2, 1.977", "3, 2.004", "4, 2.024", "5, 2.040"})
  void classicalBoundsHaveTheirPublishedSize(int looks, double constant) {
    assertThat(GroupSequential.crossing(classical(looks, constant), evenly(looks), 0))
        .isCloseTo(0.05, within(0.0001));
  }

  // The same, Table 2.4, R_B(K, 0.05, power).
  @ParameterizedTest
  @CsvSource({
    "2, 1.977, 0.8, 1.008", "3, 2.004, 0.8, 1.017", "4, 2.024, 0.8, 1.024", "5, 2.040, 0.8, 1.028",
    "2, 1.977, 0.9, 1.007", "3, 2.004, 0.9, 1.016", "4, 2.024, 0.9, 1.022", "5, 2.040, 0.9, 1.026"
  })
  void classicalBoundsInflateTheSampleAsPublished(
      int looks, double constant, double power, double inflation) {
    double drift = GroupSequential.driftFor(power, classical(looks, constant), evenly(looks));
    double fixed = Normal.quantileAbove(0.025) + Normal.quantileAbove(1 - power);
    assertThat(drift * drift / (fixed * fixed)).isCloseTo(inflation, within(0.0016));
  }

  // R: gsDesign(k = 5, test.type = 2, alpha = 0.025, sfu = sfLDOF)$upper$bound, as published with
  // the method: 4.877, 3.357, 2.680, 2.290, 2.031 (DeMets & Lan 1994, Stat. Med. 13:1341, Table
  // II).
  @Test
  void spendingAgreesWithLanAndDeMets() {
    assertThat(GroupSequential.boundaries(0.05, evenly(5), evenly(5)))
        .usingComparatorWithPrecision(0.0006)
        .containsExactly(4.877, 3.357, 2.680, 2.290, 2.031);
  }

  @Test
  void agreesWithTheMultivariateNormal() {
    assertThat(GroupSequential.boundaries(0.05, evenly(2), evenly(2)))
        .usingComparatorWithPrecision(2e-5)
        .containsExactly(2.9625880427, 1.9685956298);
    assertThat(GroupSequential.boundaries(0.05, evenly(3), evenly(3)))
        .usingComparatorWithPrecision(5e-5)
        .containsExactly(3.7103028732, 2.5114275640, 1.9930474343);
    assertThat(GroupSequential.boundaries(0.0125, evenly(2), evenly(2)))
        .usingComparatorWithPrecision(5e-5)
        .containsExactly(3.6944287955, 2.4998942187);
    assertThat(GroupSequential.crossing(new double[] {2.9625880427, 1.9685956298}, evenly(2), 3))
        .isCloseTo(0.8495900076, within(1e-6));
  }

  // Recipients answer early: by the time alpha 0.3 of the duration is spent, most is known.
  @Test
  void looksThatTellNearlyTheSameHaveLowerBoundaries() {
    assertThat(
            GroupSequential.boundaries(
                0.05, new double[] {0.3, 0.6, 1}, new double[] {600, 900, 1_000}))
        .usingComparatorWithPrecision(5e-5)
        .containsExactly(3.9285725426, 2.6690599938, 1.9606604094);
  }

  @Test
  void looksThatTellNothingNewAreNoError() {
    double[] boundaries =
        GroupSequential.boundaries(0.05, new double[] {0.5, 1}, new double[] {700, 700});
    assertThat(boundaries[1]).isBetween(1.9, 2.0);
    assertThat(GroupSequential.boundaries(0.05, new double[] {0.01, 1}, new double[] {1, 700})[1])
        .isCloseTo(1.959964, within(1e-4));
  }

  @Test
  void pValueIsAlphaWhereTheBoundaryIs() {
    double[] times = evenly(5);
    for (double alpha : new double[] {0.01, 0.05, 0.2}) {
      double[] boundaries = GroupSequential.boundaries(alpha, times, times);
      for (int look = 2; look <= 5; look++) {
        double[] until = java.util.Arrays.copyOf(times, look);
        assertThat(GroupSequential.pValue(-boundaries[look - 1], until, until))
            .isCloseTo(alpha, within(alpha * 1e-4));
      }
    }
  }

  /** What the search for a p-value stands on. */
  @Test
  void everyBoundaryFallsWhenAlphaGrows() {
    for (double[] times : new double[][] {evenly(5), {0.1, 0.9, 1}, {0.5, 0.55, 1}}) {
      double[] before = GroupSequential.boundaries(1e-6, times, times);
      for (double alpha = 0.001; alpha <= 0.3; alpha *= 1.3) {
        double[] boundaries = GroupSequential.boundaries(alpha, times, times);
        for (int look = 0; look < times.length; look++) {
          assertThat(boundaries[look]).isLessThan(before[look]);
        }
        before = boundaries;
      }
    }
  }

  @Test
  void pValueOfASingleLookIsThePlainOne() {
    double[] once = {1};
    assertThat(GroupSequential.pValue(1.959964, once, once)).isCloseTo(0.05, within(1e-6));
    assertThat(GroupSequential.pValue(0, once, once)).isEqualTo(1);
  }

  @Test
  void pValueFallsWithTheStatistic() {
    double[] times = evenly(3);
    double before = 1.1;
    for (double z = 0; z < 9; z += 0.1) {
      double p = GroupSequential.pValue(z, times, times);
      assertThat(p).isLessThanOrEqualTo(before).isPositive();
      before = p;
    }
    assertThat(before).isLessThan(1e-10);
  }

  private static double[] evenly(int looks) {
    return IntStream.rangeClosed(1, looks).mapToDouble(look -> (double) look / looks).toArray();
  }

  private static double[] classical(int looks, double constant) {
    return IntStream.rangeClosed(1, looks)
        .mapToDouble(look -> constant * Math.sqrt((double) looks / look))
        .toArray();
  }
}
