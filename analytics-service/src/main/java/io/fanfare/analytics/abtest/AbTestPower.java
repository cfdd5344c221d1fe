package io.fanfare.analytics.abtest;

import com.fasterxml.jackson.annotation.JsonValue;
import io.fanfare.analytics.abtest.statistics.SampleSize;
import io.fanfare.contract.abtest.AbTest;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the frozen audience of a test can find, known before anybody answers.
 *
 * @param recipients of the smallest variant, on the channel of the test
 * @param baseline the rate of the control that is reckoned with
 * @param lift the difference that should be found, as a share of the baseline
 * @param power the probability to find it, 0 to 1
 * @param detectableEffect the smallest difference of rates upwards that is found with a power of 80
 *     %; absent where there is none
 * @param detectableLift the same as a share of the baseline
 * @param neededPerVariant recipients of each variant that find the lift with a power of 80 %
 */
record AbTestPower(
    long recipients,
    double baseline,
    Source baselineFrom,
    double lift,
    Source liftFrom,
    double power,
    @Nullable Double detectableEffect,
    @Nullable Double detectableLift,
    long neededPerVariant) {

  /** The power below which a test is warned of. */
  static final double WANTED = 0.8;

  /** The lift that is reckoned with where the plan names none: a fifth more. */
  static final double DEFAULT_LIFT = 0.2;

  private static final double LARGEST_RATE = 1 - 1e-6;

  /** Where a figure is from. */
  enum Source {
    DECLARED,
    DEFAULT;

    /** The name in JSON. */
    @JsonValue
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The rate that is reckoned with where the plan names none: a usual one, on the low side. */
  static double defaultBaseline(AbTest.Metric metric) {
    return switch (metric) {
      case OPEN -> 0.2;
      case BUTTON -> 0.05;
      case CLICK -> 0.03;
      case REPLY, CUSTOM, CUSTOM_VALUE -> 0.01;
    };
  }

  /**
   * @param sizes the frozen recipients of each variant on the channel of the test
   * @return null of mean values, whose variance nobody knows before
   */
  static @Nullable AbTestPower of(AbTest plan, Collection<Long> sizes) {
    if (plan.metric() == AbTest.Metric.CUSTOM_VALUE) {
      return null;
    }
    long fewest = sizes.stream().mapToLong(Long::longValue).min().orElse(0);
    Double declaredBaseline = plan.baseline();
    Double declaredLift = plan.minimumEffect();
    double baseline = declaredBaseline == null ? defaultBaseline(plan.metric()) : declaredBaseline;
    double lift = declaredLift == null ? DEFAULT_LIFT : declaredLift;
    double rate = Math.min(LARGEST_RATE, baseline * (1 + lift));
    double[] times = plan.looks().stream().mapToDouble(Double::doubleValue).toArray();
    SampleSize size = new SampleSize(plan.alpha() / (plan.variants().size() - 1), times);
    Double detectable =
        fewest == 0
            ? null
            : size.detectable(fewest, baseline, WANTED).stream().boxed().findFirst().orElse(null);
    return new AbTestPower(
        fewest,
        baseline,
        declaredBaseline == null ? Source.DEFAULT : Source.DECLARED,
        lift,
        declaredLift == null ? Source.DEFAULT : Source.DECLARED,
        fewest == 0 ? 0 : size.power(fewest, baseline, rate),
        detectable,
        detectable == null ? null : (Double) (detectable / baseline),
        size.perGroup(baseline, rate, WANTED));
  }
}
