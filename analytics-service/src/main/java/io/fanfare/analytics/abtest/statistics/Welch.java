package io.fanfare.analytics.abtest.statistics;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Compares the means of two groups whose variances may differ (Welch 1947, Biometrika 34:28; R:
 * {@code t.test(x, y)}). Differences are the second less the first.
 */
public final class Welch {

  // Where a tail is smaller, z is as good as infinite for every boundary there is.
  private static final double SMALLEST_TAIL = 1e-300;

  private Welch() {}

  /** The t statistic; 0 where the variance is not known or none. */
  public static double t(Moments control, Moments other) {
    double error = standardError(control, other);
    return error <= 0 ? 0 : (other.mean() - control.mean()) / error;
  }

  /** The degrees of freedom by Welch and Satterthwaite; at least 1. */
  public static double degreesOfFreedom(Moments control, Moments other) {
    double first = ofMean(control);
    double second = ofMean(other);
    double divisor =
        first * first / Math.max(1, control.count() - 1)
            + second * second / Math.max(1, other.count() - 1);
    return divisor <= 0 ? 1 : Math.max(1, (first + second) * (first + second) / divisor);
  }

  /**
   * The z with the same tail as t: a group-sequential boundary is then a nominal level for it
   * (Jennison &amp; Turnbull 2000, ch. 4).
   */
  public static double z(Moments control, Moments other) {
    double t = t(control, other);
    if (t == 0) {
      return 0;
    }
    double tail =
        TDistribution.of(degreesOfFreedom(control, other)).survivalProbability(Math.abs(t));
    return Math.copySign(Normal.quantileAbove(Math.max(SMALLEST_TAIL, tail)), t);
  }

  /** An interval for the difference of the means, as wide as z standard errors of a normal. */
  public static Interval interval(Moments control, Moments other, double z) {
    double difference = other.mean() - control.mean();
    double tail = Math.max(SMALLEST_TAIL, Normal.above(z));
    double half =
        TDistribution.of(degreesOfFreedom(control, other)).inverseSurvivalProbability(tail)
            * standardError(control, other);
    return new Interval(difference - half, difference + half);
  }

  private static double standardError(Moments control, Moments other) {
    return Math.sqrt(ofMean(control) + ofMean(other));
  }

  private static double ofMean(Moments group) {
    return group.count() == 0 ? 0 : group.variance() / group.count();
  }
}
