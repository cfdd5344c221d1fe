package io.fanfare.analytics.abtest.statistics;

import java.util.function.DoubleUnaryOperator;

/** Finds where a function has a value, by bisection. */
final class Search {

  private static final int ROUNDS = 50;

  private Search() {}

  /** Where a rising function has a value; an end where it has it nowhere between. */
  static double rising(DoubleUnaryOperator function, double value, double low, double high) {
    double from = low;
    double to = high;
    for (int round = 0; round < ROUNDS && to - from > 1e-10 * Math.abs(to); round++) {
      double middle = (from + to) / 2;
      if (function.applyAsDouble(middle) < value) {
        from = middle;
      } else {
        to = middle;
      }
    }
    return (from + to) / 2;
  }
}
