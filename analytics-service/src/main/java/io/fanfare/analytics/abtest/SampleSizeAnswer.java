package io.fanfare.analytics.abtest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a test needs, or finds.
 *
 * @param perVariant recipients of each variant: those needed, or those given
 * @param total of all variants, the hold-back left out
 * @param baseline the control's rate
 * @param rate the other variants' rate that is found: the one asked for, or the smallest
 * @param effect their difference
 * @param relativeEffect the same as a share of the baseline
 * @param power the probability to find it: the one asked for, or the one there is
 * @param detectableEffect with a sample: the smallest effect upwards it finds with the power asked
 *     for; null where it finds none
 * @param alpha two-sided, over all looks and variants
 * @param alphaPerComparison what each comparison with the control has of it at least
 * @param inflation how much larger the looks make the sample
 * @param boundaries of z at each look, as planned, for each comparison
 */
record SampleSizeAnswer(
    long perVariant,
    long total,
    double baseline,
    @Nullable Double rate,
    @Nullable Double effect,
    @Nullable Double relativeEffect,
    double power,
    @Nullable Double detectableEffect,
    double alpha,
    double alphaPerComparison,
    int looks,
    int variants,
    double inflation,
    List<Double> boundaries) {}
