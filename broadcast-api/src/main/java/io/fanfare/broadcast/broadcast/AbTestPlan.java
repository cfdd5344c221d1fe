package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.Channel;
import io.fanfare.contract.abtest.AbTest;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The plan of a broadcast's A/B/n test; frozen when the broadcast starts. The percentages of the
 * variants and {@code hold_back_percent} add up to 100.
 *
 * @param variants 2 to 8; by their position they are called a to h
 * @param holdBackPercent the share that waits for the winner, 0 (the default) to 90
 * @param channel the channel whose recipients are compared; the first of the broadcast by default
 * @param metric click (the default), open, reply, button, custom or custom_value; open needs an
 *     e-mail channel, reply and button need Telegram, click needs one of both
 * @param customEvent with custom and custom_value: the name of the event, 1 to 100 characters
 * @param looks when significance may be found, as fractions of the duration: 1 to 5, ascending, the
 *     last one 1; every fifth by default
 * @param duration from when the last variant may be sent to everybody to the last look, ISO-8601, 1
 *     minute to 30 days
 * @param minimumSample recipients sent to per variant below which no look decides, 1 to 10,000,000;
 *     100 by default
 * @param alpha chance of a false winner over all looks and variants, 0.001 to 0.2; 0.05 by default
 * @param decision auto (the default): the winner, or else the fallback, is sent to the hold-back
 *     without anybody's doing; manual: somebody decides
 * @param fallback the variant the hold-back gets when nothing is significant; a by default
 * @param button with button: the data of the one button that counts, which the template of every
 *     variant has; any button by default
 * @param baseline the rate expected of the control, more than 0 and less than 1, to warn of an
 *     audience that is too small
 * @param minimumEffect the smallest lift worth finding, as a share of the baseline, more than 0 to
 *     10, for the same warning; 0.2 by default
 */
public record AbTestPlan(
    @Nullable List<Variant> variants,
    @Nullable @Schema(example = "80") Integer holdBackPercent,
    @Nullable @Schema(type = "string", example = "email") Channel channel,
    AbTest.@Nullable Metric metric,
    @Nullable @Schema(example = "purchase") String customEvent,
    @Nullable List<Double> looks,
    @Nullable @Schema(type = "string", example = "PT4H") Duration duration,
    @Nullable @Schema(example = "1000") Integer minimumSample,
    @Nullable @Schema(example = "0.05") Double alpha,
    AbTest.@Nullable Decision decision,
    @Nullable @Schema(example = "a") String fallback,
    @Nullable @Schema(example = "more") String button,
    @Nullable @Schema(example = "0.03") Double baseline,
    @Nullable @Schema(example = "0.2") Double minimumEffect) {

  private static final List<Double> EVERY_FIFTH = List.of(0.2, 0.4, 0.6, 0.8, 1.0);
  private static final int MINIMUM_SAMPLE = 100;
  private static final double ALPHA = 0.05;

  /**
   * A version of the content.
   *
   * @param name for people, 1 to 100 characters, each once
   * @param percent of the whole audience, 1 to 99
   * @param channels what it says on each channel of the broadcast, by the channel's name
   * @param delay to test the time of sending: how long after the start, or after the contact's own
   *     time where the broadcast has a {@code send_time}, it is sent, ISO-8601, shorter than the
   *     test; left out: at once
   */
  @Schema(name = "AbTestPlanVariant")
  public record Variant(
      @Nullable @Schema(example = "Short subject") String name,
      @Nullable @Schema(example = "10") Integer percent,
      @Nullable Map<String, VariantContent> channels,
      @Nullable @Schema(type = "string", example = "PT2H") Duration delay) {}

  /**
   * What a variant says on a channel; the account is the broadcast's.
   *
   * @param templateId the template
   */
  @Schema(name = "AbTestPlanContent")
  public record VariantContent(@Nullable UUID templateId) {}

  /** The id of the variant at a position, from 0. */
  static String variantId(int position) {
    return Character.toString('a' + position);
  }

  private static final AbTestPlan NOTHING =
      new AbTestPlan(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null);

  /** Nothing is said at all, which takes the test off a draft. */
  boolean sayNothing() {
    return equals(NOTHING);
  }

  List<Variant> variantList() {
    return variants == null ? List.of() : variants;
  }

  int heldPercent() {
    return holdBackPercent == null ? 0 : holdBackPercent;
  }

  /** The plan with every default but the channel, which may be another one yet. */
  AbTestPlan withDefaults() {
    return new AbTestPlan(
        variants,
        heldPercent(),
        channel,
        metric == null ? AbTest.Metric.CLICK : metric,
        customEvent,
        looks == null ? EVERY_FIFTH : looks,
        duration,
        minimumSample == null ? MINIMUM_SAMPLE : minimumSample,
        alpha == null ? ALPHA : alpha,
        decision == null ? AbTest.Decision.AUTO : decision,
        fallback == null ? variantId(0) : fallback,
        button,
        baseline,
        minimumEffect);
  }

  /** The templates it names. */
  List<UUID> templates() {
    return variantList().stream()
        .filter(variant -> variant != null && variant.channels() != null)
        .flatMap(variant -> Objects.requireNonNull(variant.channels()).values().stream())
        .filter(content -> content != null && content.templateId() != null)
        .map(content -> Objects.requireNonNull(content.templateId()))
        .distinct()
        .toList();
  }

  /** The template of a variant on a channel; null where it names none. */
  static @Nullable UUID template(Variant variant, Channel channel) {
    VariantContent content =
        variant.channels() == null ? null : variant.channels().get(channel.name());
    return content == null ? null : content.templateId();
  }

  /**
   * As the other services see it.
   *
   * @param first the first channel of the broadcast
   * @throws NullPointerException unless {@link AbTestRules} finds nothing wrong with it
   */
  AbTest contract(Channel first) {
    AbTestPlan full = withDefaults();
    List<AbTest.Variant> all = new ArrayList<>();
    for (Variant variant : variantList()) {
      all.add(
          new AbTest.Variant(
              variantId(all.size()),
              Objects.requireNonNull(variant.name()).strip(),
              Objects.requireNonNull(variant.percent()),
              variant.delay()));
    }
    return new AbTest(
        all,
        full.heldPercent(),
        channel == null ? first : channel,
        Objects.requireNonNull(full.metric()),
        customEvent,
        Objects.requireNonNull(full.looks()),
        Objects.requireNonNull(duration),
        Objects.requireNonNull(full.minimumSample()),
        Objects.requireNonNull(full.alpha()),
        Objects.requireNonNull(full.decision()),
        Objects.requireNonNull(full.fallback()),
        button,
        baseline,
        minimumEffect);
  }
}
