package io.fanfare.analytics.abtest.statistics;

/** Compares the rates of two groups of recipients. Differences are the second less the first. */
public final class TwoProportions {

  private TwoProportions() {}

  /**
   * The score statistic of equal rates: the difference over its standard error with the pooled
   * rate; its square is Pearson's chi-square of the two-by-two table (R: {@code prop.test(x, n,
   * correct = FALSE)}). 0 where a group is empty or nobody or everybody succeeded.
   */
  public static double z(Proportion control, Proportion other) {
    if (control.trials() == 0 || other.trials() == 0) {
      return 0;
    }
    double pooled =
        (double) (control.successes() + other.successes()) / (control.trials() + other.trials());
    double variance = pooled * (1 - pooled) * (1.0 / control.trials() + 1.0 / other.trials());
    return variance <= 0 ? 0 : (other.rate() - control.rate()) / Math.sqrt(variance);
  }

  /**
   * An interval for the difference of the rates at z standard errors: Newcombe's hybrid of two
   * score intervals (Newcombe 1998, Statistics in Medicine 17:873, method 10).
   */
  public static Interval interval(Proportion control, Proportion other, double z) {
    if (control.trials() == 0 || other.trials() == 0) {
      return new Interval(-1, 1);
    }
    double difference = other.rate() - control.rate();
    Interval first = control.wilson(z);
    Interval second = other.wilson(z);
    return new Interval(
        difference - Math.hypot(other.rate() - second.low(), first.high() - control.rate()),
        difference + Math.hypot(second.high() - other.rate(), control.rate() - first.low()));
  }
}
