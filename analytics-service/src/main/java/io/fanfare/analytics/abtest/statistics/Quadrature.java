package io.fanfare.analytics.abtest.statistics;

/**
 * Gauss-Legendre quadrature over panels of 16 points each.
 *
 * @param points where the function is needed, ascending
 * @param weights of its values there
 */
record Quadrature(double[] points, double[] weights) {

  private static final int ORDER = 16;
  private static final double[] ROOTS = new double[ORDER];
  private static final double[] ROOT_WEIGHTS = new double[ORDER];

  static {
    // Newton's method on the Legendre polynomial (Abramowitz & Stegun 22.7.10, 25.4.29).
    for (int at = 0; at < ORDER; at++) {
      double root = -Math.cos(Math.PI * (at + 0.75) / (ORDER + 0.5));
      double slope = 1;
      for (int round = 0; round < 20; round++) {
        double before = 1;
        double value = root;
        for (int degree = 2; degree <= ORDER; degree++) {
          double next = ((2 * degree - 1) * root * value - (degree - 1) * before) / degree;
          before = value;
          value = next;
        }
        slope = ORDER * (root * value - before) / (root * root - 1);
        root -= value / slope;
      }
      ROOTS[at] = root;
      ROOT_WEIGHTS[at] = 2 / ((1 - root * root) * slope * slope);
    }
  }

  /** Over −bound to bound, in so many panels. */
  static Quadrature symmetric(double bound, int panels) {
    double[] points = new double[panels * ORDER];
    double[] weights = new double[panels * ORDER];
    double half = bound / panels;
    for (int panel = 0; panel < panels; panel++) {
      double middle = -bound + (2 * panel + 1) * half;
      for (int at = 0; at < ORDER; at++) {
        points[panel * ORDER + at] = middle + half * ROOTS[at];
        weights[panel * ORDER + at] = half * ROOT_WEIGHTS[at];
      }
    }
    return new Quadrature(points, weights);
  }
}
