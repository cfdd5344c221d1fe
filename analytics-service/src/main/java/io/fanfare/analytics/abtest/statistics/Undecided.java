package io.fanfare.analytics.abtest.statistics;

/**
 * Where the score of a test may be that crossed no boundary so far: the sub-density of Armitage,
 * McPherson &amp; Rowe (1969, JRSS A 132:235), carried from look to look as in Jennison &amp;
 * Turnbull (2000, ch. 19). The score is z times the root of the information; from look to look it
 * moves by a normal step whose variance is the information gained.
 *
 * @param scores points
 * @param masses the probability each stands for
 * @param information at the look these are of
 * @param drift what the score gains in the mean per information; 0 under equal rates
 */
record Undecided(double[] scores, double[] masses, double information, double drift) {

  // A score is so unlikely to be further out than this that a boundary there is none.
  private static final double FAR = 12;
  private static final double PANEL = 2.5;
  private static final int MOST_PANELS = 64;

  /** Before the first look. */
  static Undecided atStart(double drift) {
    return new Undecided(new double[] {0}, new double[] {1}, 0, drift);
  }

  /** The probability to come to a later look and to find the statistic above z there. */
  double above(double z, double later) {
    return beyond(z * Math.sqrt(later), later, 1);
  }

  /** The same below −z. */
  double below(double z, double later) {
    return beyond(-z * Math.sqrt(later), later, -1);
  }

  /** What {@link #above} loses when z grows. */
  double slope(double z, double later) {
    double root = Math.sqrt(later);
    double step = Math.sqrt(later - information);
    double sum = 0;
    for (int at = 0; at < scores.length; at++) {
      sum += masses[at] * Normal.density((z * root - mean(at, later)) / step);
    }
    return sum * root / step;
  }

  /**
   * Those still undecided after a later look.
   *
   * @param z the boundary there
   * @param finest the smallest step between looks, as a standard deviation: what the points must
   *     resolve
   */
  Undecided after(double z, double later, double finest) {
    double bound = Math.min(z, FAR) * Math.sqrt(later);
    int panels = (int) Math.ceil(2 * bound / (PANEL * finest));
    Quadrature grid = Quadrature.symmetric(bound, Math.clamp(panels, 1, MOST_PANELS));
    double[] points = grid.points();
    double[] next = new double[points.length];
    double variance = later - information;
    double scale = 1 / Math.sqrt(2 * Math.PI * variance);
    for (int at = 0; at < scores.length; at++) {
      double from = mean(at, later);
      double mass = masses[at] * scale;
      for (int to = 0; to < points.length; to++) {
        double step = points[to] - from;
        next[to] += mass * Math.exp(-step * step / (2 * variance));
      }
    }
    for (int to = 0; to < points.length; to++) {
      next[to] *= grid.weights()[to];
    }
    return new Undecided(points, next, later, drift);
  }

  private double beyond(double score, double later, int side) {
    double step = Math.sqrt(later - information);
    double sum = 0;
    for (int at = 0; at < scores.length; at++) {
      sum += masses[at] * Normal.above(side * (score - mean(at, later)) / step);
    }
    return sum;
  }

  private double mean(int at, double later) {
    return scores[at] + drift * (later - information);
  }
}
