package io.fanfare.analytics.abtest;

import io.fanfare.contract.abtest.AbTest;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What somebody should know of a test that goes on all the same.
 *
 * @param code {@code ab_test_underpowered}: the audience is too small to find what should be found;
 *     {@code ab_test_below_minimum_sample}: it is too small for any look to decide
 * @param detail the same in a sentence, with its figures
 */
record AbTestWarning(
    @Schema(allowableValues = {UNDERPOWERED, BELOW_MINIMUM_SAMPLE}) String code, String detail) {

  static final String UNDERPOWERED = "ab_test_underpowered";
  static final String BELOW_MINIMUM_SAMPLE = "ab_test_below_minimum_sample";

  /**
   * @param sizes the frozen recipients of each variant on the channel of the test
   * @param power what they can find; null where that cannot be known
   */
  static List<AbTestWarning> of(AbTest plan, Collection<Long> sizes, @Nullable AbTestPower power) {
    List<AbTestWarning> warnings = new ArrayList<>();
    long fewest = sizes.stream().mapToLong(Long::longValue).min().orElse(0);
    if (fewest < plan.minimumSample()) {
      warnings.add(
          new AbTestWarning(
              BELOW_MINIMUM_SAMPLE,
              text(
                  "a variant has %,d recipients on %s, fewer than the minimum sample of %,d:"
                      + " no look can find a winner, the fallback %s will be sent",
                  fewest, plan.channel(), plan.minimumSample(), plan.fallback())));
    }
    if (power != null && power.power() < AbTestPower.WANTED) {
      warnings.add(new AbTestWarning(UNDERPOWERED, detail(power)));
    }
    return warnings;
  }

  private static String detail(AbTestPower power) {
    Double lift = power.detectableLift();
    return text(
        "with %,d recipients of a variant a lift of %.3g %% over a rate of %.3g %% is found with a"
            + " probability of %.3g %%; %s, and %,d of each variant would be needed",
        power.recipients(),
        100 * power.lift(),
        100 * power.baseline(),
        100 * power.power(),
        lift == null
            ? "nothing is found with 80 %"
            : text("the smallest lift found with 80 %% is %.3g %%", 100 * lift),
        power.neededPerVariant());
  }

  private static String text(String format, Object... of) {
    return String.format(Locale.ROOT, format, of);
  }
}
