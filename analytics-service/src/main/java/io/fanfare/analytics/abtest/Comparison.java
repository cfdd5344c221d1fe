package io.fanfare.analytics.abtest;

import io.fanfare.analytics.abtest.statistics.Interval;
import org.jspecify.annotations.Nullable;

/**
 * A variant against the control.
 *
 * @param variant the variant's id
 * @param difference its result less the control's
 * @param interval repeated confidence interval of the difference, all comparisons together at 1 −
 *     alpha; null before anything can be told
 * @param z the difference in standard errors, under equal results
 * @param boundary what z must reach on either side at this look, and at this place in Holm's order;
 *     null before anything can be told
 * @param pValue repeated two-sided p-value of this comparison alone; null where not asked for
 * @param adjustedPValue the same by Holm over all comparisons, to be held against alpha
 * @param significant a difference was found; never true where a look may not decide
 */
record Comparison(
    String variant,
    double difference,
    @Nullable Interval interval,
    double z,
    @Nullable Double boundary,
    @Nullable Double pValue,
    @Nullable Double adjustedPValue,
    boolean significant) {

  Comparison withPValues(double own, double adjusted) {
    return new Comparison(variant, difference, interval, z, boundary, own, adjusted, significant);
  }
}
