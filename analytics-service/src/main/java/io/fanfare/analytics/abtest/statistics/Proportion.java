package io.fanfare.analytics.abtest.statistics;

/**
 * How many of some trials succeeded.
 *
 * @param successes 0 to {@code trials}
 * @param trials 0 or more
 */
public record Proportion(long successes, long trials) {

  public Proportion {
    if (successes < 0 || successes > trials) {
      throw new IllegalArgumentException(successes + " of " + trials);
    }
  }

  /** The share that succeeded; 0 of none. */
  public double rate() {
    return trials == 0 ? 0 : (double) successes / trials;
  }

  /** Wilson's score interval at z standard errors (Wilson 1927, JASA 22:209). */
  Interval wilson(double z) {
    double squared = z * z;
    double centre = successes + squared / 2;
    double half = z * Math.sqrt(successes * (1 - rate()) + squared / 4);
    double whole = trials + squared;
    return new Interval(Math.max(0, (centre - half) / whole), Math.min(1, (centre + half) / whole));
  }
}
