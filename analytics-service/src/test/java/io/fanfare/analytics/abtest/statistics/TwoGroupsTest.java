package io.fanfare.analytics.abtest.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two groups at one moment, against published tables and SciPy 1.17.1. */
class TwoGroupsTest {

  private static final double TWO_SIDED_95 = 1.959964;

  // Newcombe (1998), Statistics in Medicine 17:873, Table II, method 10, cases (a) to (h).
  @ParameterizedTest
  @CsvSource({
    "56, 70, 48, 80, 0.0524, 0.3339",
    "9, 10, 3, 10, 0.1705, 0.8090",
    "6, 7, 2, 7, 0.0582, 0.8062",
    "5, 56, 0, 29, -0.0381, 0.1926",
    "0, 10, 0, 20, -0.1611, 0.2775",
    "0, 10, 0, 10, -0.2775, 0.2775",
    "10, 10, 0, 20, 0.6791, 1.0000",
    "10, 10, 0, 10, 0.6075, 1.0000"
  })
  void agreesWithNewcombesTable(
      long successes, long trials, long ofControl, long control, double low, double high) {
    Interval interval =
        TwoProportions.interval(
            new Proportion(ofControl, control), new Proportion(successes, trials), TWO_SIDED_95);
    assertThat(interval.low()).isCloseTo(low, within(0.00006));
    assertThat(interval.high()).isCloseTo(high, within(0.00006));
  }

  // scipy.stats.chi2_contingency([[500, 9500], [580, 9420]], correction=False)
  @Test
  void squareOfTheScoreStatisticIsPearsonsChiSquare() {
    double z = TwoProportions.z(new Proportion(500, 10_000), new Proportion(580, 10_000));
    assertThat(z).isPositive();
    assertThat(z * z).isCloseTo(6.264192310703939, within(1e-9));
    assertThat(2 * Normal.above(z)).isCloseTo(0.012320232200247958, within(1e-12));
  }

  @Test
  void findsNothingWhereNobodyOrEverybodyDidItOrNobodyWasAsked() {
    assertThat(TwoProportions.z(new Proportion(0, 10), new Proportion(0, 20))).isZero();
    assertThat(TwoProportions.z(new Proportion(10, 10), new Proportion(20, 20))).isZero();
    assertThat(TwoProportions.z(new Proportion(0, 0), new Proportion(5, 20))).isZero();
    assertThat(TwoProportions.interval(new Proportion(0, 0), new Proportion(5, 20), 2))
        .isEqualTo(new Interval(-1, 1));
  }

  // scipy.stats.ttest_ind_from_stats(10.2, 3.1, 200, 9.4, 4.5, 150, equal_var=False): statistic
  // 1.8698429032750725, pvalue 0.0626734504759809. The interval by scipy.stats.t.ppf(0.975, df).
  @Test
  void agreesWithWelchsTest() {
    Moments control = moments(200, 10.2, 3.1);
    Moments other = moments(150, 9.4, 4.5);
    assertThat(Welch.t(control, other)).isCloseTo(-1.8698429032750725, within(1e-9));
    double z = Welch.z(control, other);
    assertThat(z).isNegative();
    assertThat(2 * Normal.above(-z)).isCloseTo(0.0626734504759809, within(1e-9));
    Interval interval = Welch.interval(control, other, TWO_SIDED_95);
    assertThat(interval.low()).isCloseTo(-1.6426335292477128, within(1e-5));
    assertThat(interval.high()).isCloseTo(0.042633529247714796, within(1e-5));
    assertThat(Welch.degreesOfFreedom(control, other)).isCloseTo(250.20861944790417, within(1e-6));
  }

  @Test
  void valuesWithoutVarianceFindNothing() {
    assertThat(Welch.z(new Moments(10, 10, 10), new Moments(10, 20, 40))).isZero();
    assertThat(Welch.z(new Moments(0, 0, 0), new Moments(0, 0, 0))).isZero();
  }

  // scipy.stats.chisquare([10200, 9800]) and ([5000, 5200, 9600], [4950, 4950, 9900])
  @Test
  void agreesWithChiSquareOnTheSizesOfGroups() {
    SampleRatio even = SampleRatio.of(new long[] {10_200, 9_800}, new double[] {50, 50});
    assertThat(even.chiSquare()).isCloseTo(8, within(1e-9));
    assertThat(even.pValue()).isCloseTo(0.004677734981047276, within(1e-12));
    assertThat(even.isMismatch()).isFalse();
    SampleRatio uneven = SampleRatio.of(new long[] {5_000, 5_200, 9_600}, new double[] {5, 5, 10});
    assertThat(uneven.pValue()).isCloseTo(1.4945338524781447e-05, within(1e-12));
    assertThat(uneven.isMismatch()).isTrue();
  }

  // By the definition: 4 × 0.01, then the larger of that and 3 × 0.02, 2 × 0.03, 1 × 0.04.
  @Test
  void agreesWithHolm() {
    assertThat(Holm.adjust(0.03, 0.01, 0.04, 0.02))
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(0.06, 0.04, 0.06, 0.06);
    assertThat(Holm.adjust(0.7, 0.9)).containsExactly(1, 1);
  }

  private static Moments moments(long count, double mean, double deviation) {
    double sum = count * mean;
    return new Moments(count, sum, (count - 1) * deviation * deviation + sum * sum / count);
  }
}
