package io.fanfare.analytics.abtest.statistics;

import java.util.Arrays;

/**
 * Looking several times at one comparison without more false winners than a single look has. A look
 * finds a difference when the statistic is beyond its boundary on either side. Alpha is spent by
 * the O'Brien-Fleming type of Lan &amp; DeMets (1983, Biometrika 70:659), half of it on each side,
 * by the share of the planned time that has passed; how much two looks tell the same is taken from
 * the information there was at each (Lan &amp; DeMets 1989, Statistics in Medicine 8:1191). So the
 * boundaries keep alpha however fast or slow the recipients answer, and a look that is left out for
 * a reason that is not the difference itself costs nothing.
 */
public final class GroupSequential {

  private static final double LEAST_P = 1e-12;
  // Up to here the boundary of every look falls when alpha grows (Maurer & Bretz 2013, Stat.
  // Biopharm. Res. 5:311, ask for it), so that the search for a p-value has one answer.
  private static final double MONOTONE = 0.3;
  private static final double LARGEST_Z = 38;
  private static final double LEAST_GAIN = 0.005;
  private static final double CLOSE = 1e-9;

  private GroupSequential() {}

  /**
   * The two-sided alpha spent until a time; {@code 2 × sfLDOF(alpha / 2, t)} of R's gsDesign.
   *
   * @param time share of the planned duration, more than 0 to 1
   */
  public static double spent(double alpha, double time) {
    return 4 * Normal.above(Normal.quantileAbove(alpha / 4) / Math.sqrt(time));
  }

  /**
   * The boundaries of some looks.
   *
   * @param alpha two-sided, for all looks together
   * @param times when alpha is spent: shares of the planned duration, ascending, the last planned
   *     look's being 1
   * @param information at each of these looks, in any unit
   */
  public static double[] boundaries(double alpha, double[] times, double[] information) {
    double[] share = shares(information);
    double finest = finest(share);
    double[] boundaries = new double[times.length];
    Undecided undecided = Undecided.atStart(0);
    double before = 0;
    for (int look = 0; look < times.length; look++) {
      double until = spent(alpha, times[look]);
      boundaries[look] = boundary(undecided, share[look], Math.max(0, until - before) / 2);
      before = until;
      if (look + 1 < times.length) {
        undecided = undecided.after(boundaries[look], share[look], finest);
      }
    }
    return boundaries;
  }

  /**
   * The probability to cross any boundary, on either side.
   *
   * @param drift mean of the statistic at the last look; 0 for equal rates
   */
  public static double crossing(double[] boundaries, double[] information, double drift) {
    double[] share = shares(information);
    double finest = finest(share);
    double sum = 0;
    Undecided undecided = Undecided.atStart(drift);
    for (int look = 0; look < boundaries.length; look++) {
      sum +=
          undecided.above(boundaries[look], share[look])
              + undecided.below(boundaries[look], share[look]);
      if (look + 1 < boundaries.length) {
        undecided = undecided.after(boundaries[look], share[look], finest);
      }
    }
    return sum;
  }

  /** The drift with which any boundary is crossed with this probability. */
  public static double driftFor(double power, double[] boundaries, double[] information) {
    return Search.rising(drift -> crossing(boundaries, information, drift), power, 0, 20);
  }

  /**
   * The repeated p-value of the last of these looks: the smallest alpha with which it would have
   * crossed. It may be read at every look, stopping or not, and is at most alpha exactly when the
   * boundary is crossed; the repeated confidence interval is its counterpart (Jennison &amp;
   * Turnbull 1989, JRSS B 51:305, and 2000, ch. 9). At least 1e-12, at most 1.
   */
  public static double pValue(double z, double[] times, double[] information) {
    double nominal = Math.max(LEAST_P, 2 * Normal.above(Math.abs(z)));
    if (times.length == 1 && times[0] == 1) {
      return Math.min(1, nominal);
    }
    double low = nominal;
    double high = 1;
    if (nominal < MONOTONE) {
      boolean early = crosses(z, MONOTONE, times, information);
      low = early ? nominal : MONOTONE;
      high = early ? MONOTONE : 1;
    }
    // To six digits, in the logarithm, so that small ones are as exact as large ones.
    while (high / low > 1 + 1e-6) {
      double middle = Math.sqrt(low * high);
      if (crosses(z, middle, times, information)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }

  private static boolean crosses(double z, double alpha, double[] times, double[] information) {
    return Math.abs(z) >= boundaries(alpha, times, information)[times.length - 1];
  }

  /** The boundary that is crossed upwards with this probability. */
  private static double boundary(Undecided undecided, double information, double probability) {
    double high =
        probability <= 0
            ? LARGEST_Z
            : Math.clamp(Normal.quantileAbove(Math.min(0.5, probability)), 0, LARGEST_Z);
    double low = 0;
    double z = high;
    // Newton's method, with bisection where it would leave the bracket.
    for (int round = 0; round < 60 && high - low > CLOSE; round++) {
      double excess = undecided.above(z, information) - probability;
      if (excess > 0) {
        low = z;
      } else {
        high = z;
      }
      double next = z + excess / undecided.slope(z, information);
      if (!(next > low && next < high)) {
        next = (low + high) / 2;
      }
      if (Math.abs(next - z) < CLOSE) {
        return next;
      }
      z = next;
    }
    return z;
  }

  /** As shares of the last, each a little more than the one before. */
  private static double[] shares(double[] information) {
    double[] rising = information.clone();
    for (int look = 1; look < rising.length; look++) {
      rising[look] = Math.max(rising[look], rising[look - 1] * (1 + LEAST_GAIN));
    }
    double last = rising[rising.length - 1];
    return Arrays.stream(rising).map(at -> at / last).toArray();
  }

  private static double finest(double[] share) {
    double finest = share[0];
    for (int look = 1; look < share.length; look++) {
      finest = Math.min(finest, share[look] - share[look - 1]);
    }
    return Math.sqrt(finest);
  }
}
