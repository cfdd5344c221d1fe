package io.fanfare.analytics.abtest.statistics;

import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * Whether the groups are as large as they were meant to be. Where they are not, something chose who
 * is in them, and no comparison means anything (Fabijan et al., KDD 2019, "Diagnosing sample ratio
 * mismatch").
 *
 * @param chiSquare Pearson's goodness of fit; one degree of freedom fewer than groups
 * @param pValue how likely as much or more is by chance
 */
public record SampleRatio(double chiSquare, double pValue) {

  /** The p-value below which nothing is decided. */
  public static final double LIMIT = 0.001;

  /**
   * @param observed recipients of each group
   * @param shares what they were meant to be in proportion to, each more than 0
   */
  public static SampleRatio of(long[] observed, double[] shares) {
    double total = 0;
    double whole = 0;
    for (int at = 0; at < observed.length; at++) {
      total += observed[at];
      whole += shares[at];
    }
    if (total == 0) {
      return new SampleRatio(0, 1);
    }
    double sum = 0;
    for (int at = 0; at < observed.length; at++) {
      double expected = total * shares[at] / whole;
      sum += (observed[at] - expected) * (observed[at] - expected) / expected;
    }
    return new SampleRatio(
        sum, ChiSquaredDistribution.of(observed.length - 1.0).survivalProbability(sum));
  }

  /** Nothing may be decided. */
  public boolean isMismatch() {
    return pValue < LIMIT;
  }
}
