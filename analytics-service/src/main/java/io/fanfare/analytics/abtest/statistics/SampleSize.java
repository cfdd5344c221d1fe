package io.fanfare.analytics.abtest.statistics;

import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * How many recipients a test of two rates needs, and what it finds with so many. Without looks
 * before the end it is the formula of Fleiss, Levin &amp; Paik (2003, "Statistical Methods for
 * Rates and Proportions", ch. 4, without the correction for continuity; R: {@code
 * power.prop.test}); looks make it larger by the inflation factor of Jennison &amp; Turnbull (2000,
 * ch. 2).
 */
public final class SampleSize {

  private static final double LARGEST_RATE = 1 - 1e-9;

  private final double alpha;
  private final double[] times;
  private final double[] boundaries;

  /**
   * @param alpha two-sided, of one comparison
   * @param looks planned, equally far apart; 1 to 5
   */
  public SampleSize(double alpha, int looks) {
    this(
        alpha,
        IntStream.rangeClosed(1, looks).mapToDouble(look -> (double) look / looks).toArray());
  }

  /**
   * @param alpha two-sided, of one comparison
   * @param times of the looks, as shares of the whole, ascending, the last one 1
   */
  public SampleSize(double alpha, double[] times) {
    this.alpha = alpha;
    this.times = times.clone();
    this.boundaries = GroupSequential.boundaries(alpha, times, times);
  }

  /** The boundary of each look, as planned. */
  public double[] boundaries() {
    return boundaries.clone();
  }

  /**
   * Recipients of each group that find the difference of these rates with this power, rounded up.
   */
  public long perGroup(double baseline, double rate, double power) {
    double needed =
        fixedNumerator(baseline, rate, Normal.quantileAbove(1 - power))
            / ((baseline - rate) * (baseline - rate));
    return (long) Math.ceil(needed * inflation(power));
  }

  /** How much larger the looks make the groups. */
  public double inflation(double power) {
    double fixed = critical() + Normal.quantileAbove(1 - power);
    double drift = GroupSequential.driftFor(power, boundaries, times);
    return drift * drift / (fixed * fixed);
  }

  /** The probability to find the difference of these rates with groups of this size. */
  public double power(long perGroup, double baseline, double rate) {
    return GroupSequential.crossing(boundaries, times, drift(perGroup, baseline, rate));
  }

  /**
   * The smallest difference above the baseline that groups of this size find with this power; empty
   * where they find none.
   */
  public OptionalDouble detectable(long perGroup, double baseline, double power) {
    double needed = GroupSequential.driftFor(power, boundaries, times);
    if (drift(perGroup, baseline, LARGEST_RATE) < needed) {
      return OptionalDouble.empty();
    }
    double rate =
        Search.rising(of -> drift(perGroup, baseline, of), needed, baseline, LARGEST_RATE);
    return OptionalDouble.of(rate - baseline);
  }

  /** The mean of the statistic at the end. */
  private double drift(long perGroup, double baseline, double rate) {
    double mean = (baseline + rate) / 2;
    double underEqual = Math.sqrt(2 * mean * (1 - mean));
    double underDifferent = Math.sqrt(baseline * (1 - baseline) + rate * (1 - rate));
    return critical()
        + (Math.sqrt(perGroup) * Math.abs(rate - baseline) - critical() * underEqual)
            / underDifferent;
  }

  private double fixedNumerator(double baseline, double rate, double ofPower) {
    double mean = (baseline + rate) / 2;
    double root =
        critical() * Math.sqrt(2 * mean * (1 - mean))
            + ofPower * Math.sqrt(baseline * (1 - baseline) + rate * (1 - rate));
    return root * root;
  }

  private double critical() {
    return Normal.quantileAbove(alpha / 2);
  }
}
