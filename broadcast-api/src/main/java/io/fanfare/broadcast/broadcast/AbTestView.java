package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.broadcast.AbTestPlan.VariantContent;
import io.fanfare.contract.Channel;
import io.fanfare.contract.abtest.AbTest;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A broadcast's test as the API shows it.
 *
 * @param channel the channel whose recipients are compared
 * @param looks fractions of the duration at which significance may be found
 * @param fallback the variant the hold-back gets when nothing is significant
 * @param button with the metric button: the one that counts; absent: any
 * @param baseline the rate expected of the control
 * @param minimumEffect the smallest lift worth finding, as a share of the baseline
 * @param winner the variant the hold-back gets; absent until it is decided
 */
@Schema(name = "BroadcastAbTest")
public record AbTestView(
    List<VariantView> variants,
    int holdBackPercent,
    @Schema(type = "string", example = "email") Channel channel,
    AbTest.Metric metric,
    @Nullable String customEvent,
    List<Double> looks,
    @Schema(type = "string", example = "PT4H") String duration,
    int minimumSample,
    double alpha,
    AbTest.Decision decision,
    String fallback,
    @Nullable @Schema(example = "more") String button,
    @Nullable @Schema(example = "0.03") Double baseline,
    @Nullable @Schema(example = "0.2") Double minimumEffect,
    @Nullable @Schema(example = "b") String winner) {

  /**
   * A version of the content.
   *
   * @param id a to h
   * @param delay how long after the start it is sent; absent: at once
   */
  @Schema(name = "BroadcastAbTestVariant")
  public record VariantView(
      @Schema(example = "a") String id,
      String name,
      int percent,
      Map<String, VariantContent> channels,
      @Nullable @Schema(type = "string", example = "PT2H") String delay) {}

  static AbTestView of(AbTestPlan plan, Channel first, @Nullable String winner) {
    AbTest test = plan.contract(first);
    List<VariantView> variants = new ArrayList<>();
    for (AbTest.Variant variant : test.variants()) {
      Map<String, VariantContent> channels = plan.variantList().get(variants.size()).channels();
      variants.add(
          new VariantView(
              variant.id(),
              variant.name(),
              variant.percent(),
              channels == null ? Map.of() : channels,
              text(variant.delay())));
    }
    return new AbTestView(
        variants,
        test.holdBackPercent(),
        test.channel(),
        test.metric(),
        test.customEvent(),
        test.looks(),
        test.duration().toString(),
        test.minimumSample(),
        test.alpha(),
        test.decision(),
        test.fallback(),
        test.button(),
        test.baseline(),
        test.minimumEffect(),
        winner);
  }

  private static @Nullable String text(@Nullable Duration duration) {
    return duration == null ? null : duration.toString();
  }
}
