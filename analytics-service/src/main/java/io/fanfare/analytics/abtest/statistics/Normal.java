package io.fanfare.analytics.abtest.statistics;

import org.apache.commons.statistics.distribution.NormalDistribution;

/** The standard normal distribution. */
final class Normal {

  private static final NormalDistribution STANDARD = NormalDistribution.of(0, 1);

  private Normal() {}

  static double density(double z) {
    return STANDARD.density(z);
  }

  /** P(Z &gt; z). */
  static double above(double z) {
    return STANDARD.survivalProbability(z);
  }

  /** The z with P(Z &gt; z) = probability. */
  static double quantileAbove(double probability) {
    return STANDARD.inverseSurvivalProbability(probability);
  }
}
