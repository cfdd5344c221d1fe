package io.fanfare.analytics.abtest;

import io.fanfare.analytics.abtest.statistics.Moments;
import io.fanfare.analytics.abtest.statistics.Proportion;
import io.fanfare.contract.abtest.AbTest;

/**
 * What is counted of one variant on the channel of the test.
 *
 * @param variant its id
 * @param sent recipients it was sent to
 * @param converted recipients who did at least once what the metric names, machines left out
 * @param valueSum of the custom events' values
 * @param valueSquares over the recipients of the square of each one's sum
 * @param unsent recipients of the frozen audience that nothing has become of yet
 */
record VariantFigures(
    String variant, long sent, long converted, double valueSum, double valueSquares, long unsent) {

  /** Of a variant whose sending is through. */
  VariantFigures(String variant, long sent, long converted, double valueSum, double valueSquares) {
    this(variant, sent, converted, valueSum, valueSquares, 0);
  }

  /**
   * The share that converted. A recipient may be counted as converted a moment before it is counted
   * as sent, so the whole is the limit.
   */
  Proportion proportion() {
    return new Proportion(Math.min(converted, sent), sent);
  }

  /** The value per recipient; of those without an event it is 0. */
  Moments moments() {
    return new Moments(sent, valueSum, valueSquares);
  }

  /** What the variants are compared by: the rate, or the mean value per recipient. */
  double result(AbTest.Metric metric) {
    return metric == AbTest.Metric.CUSTOM_VALUE ? moments().mean() : proportion().rate();
  }
}
