package io.fanfare.analytics.abtest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fanfare.contract.abtest.AbTest;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An A/B test: figures as of now, and what was found at its looks.
 *
 * @param state {@code running}, {@code awaiting_decision}, {@code blocked}, {@code decided} or
 *     {@code cancelled}
 * @param plan what was declared before the broadcast started
 * @param pausedAt since when the broadcast is paused, which stops the clock of the test
 * @param power what the frozen audience can find; absent before it is frozen, and with {@code
 *     custom_value}
 * @param warnings what somebody should know of it, such as that the audience is too small
 * @param variants the figures now, the control first
 * @param detectableEffect the smallest difference of rates upwards that a test of as many
 *     recipients as were sent to now finds with a power of 80 %, at the control's rate now; absent
 *     with {@code custom_value}, and where there is none
 * @param sampleRatio whether the sizes are as planned, now
 * @param comparisons every other variant against the control, now; significance is found at looks
 *     alone
 * @param looks the looks taken, with all they used
 * @param nextLook the one to come
 * @param recommended with {@code awaiting_decision}: what the figures or the declared fallback say
 * @param winner the variant the hold-back gets
 * @param decidedBy {@code winner}, {@code fallback} or {@code operator}
 * @param decidedActor who decided: {@code system} or a key
 */
record AbTestResults(
    UUID broadcastId,
    AbTestState state,
    AbTestDeclaration plan,
    Instant startedAt,
    @Nullable Instant pausedAt,
    @Nullable AbTestPower power,
    List<AbTestWarning> warnings,
    List<AbTestVariant> variants,
    @Nullable Double detectableEffect,
    AbTestSampleRatio sampleRatio,
    List<AbTestComparison> comparisons,
    List<AbTestLook> looks,
    @Nullable AbTestNextLook nextLook,
    @Nullable String recommended,
    @Nullable String winner,
    @Nullable DecidedBy decidedBy,
    @Nullable Instant decidedAt,
    @Nullable String decidedActor) {

  /**
   * What was declared before the broadcast started.
   *
   * @param holdBackPercent the share of the audience that waits for the winner
   * @param channel the channel whose recipients are compared
   * @param metric what the variants are compared by
   * @param looks when significance may be found, as fractions of the duration
   * @param duration from the start to the last look, ISO-8601
   * @param minimumSample recipients per variant below which no look decides
   * @param alpha the two-sided chance of a false winner over all looks and variants
   * @param decision {@code auto} or {@code manual}
   * @param fallback what the hold-back gets when nothing is significant
   * @param button with the metric {@code button}: the one that counts; absent: any
   * @param baseline the rate that was expected of the control
   * @param minimumEffect the smallest lift that was worth finding, as a share of the baseline
   */
  record AbTestDeclaration(
      List<AbTestDeclaredVariant> variants,
      int holdBackPercent,
      String channel,
      AbTest.Metric metric,
      @Nullable String customEvent,
      List<Double> looks,
      String duration,
      int minimumSample,
      double alpha,
      AbTest.Decision decision,
      String fallback,
      @Nullable String button,
      @Nullable Double baseline,
      @Nullable Double minimumEffect) {

    static AbTestDeclaration of(AbTest plan) {
      return new AbTestDeclaration(
          plan.variants().stream().map(AbTestDeclaredVariant::of).toList(),
          plan.holdBackPercent(),
          plan.channel().name(),
          plan.metric(),
          plan.customEvent(),
          plan.looks(),
          plan.duration().toString(),
          plan.minimumSample(),
          plan.alpha(),
          plan.decision(),
          plan.fallback(),
          plan.button(),
          plan.baseline(),
          plan.minimumEffect());
    }
  }

  /**
   * A version of the content.
   *
   * @param delay how long after the start it is sent, ISO-8601; absent: at once
   */
  record AbTestDeclaredVariant(String id, String name, int percent, @Nullable String delay) {

    static AbTestDeclaredVariant of(AbTest.Variant variant) {
      return new AbTestDeclaredVariant(
          variant.id(),
          variant.name(),
          variant.percent(),
          variant.delay() == null ? null : variant.delay().toString());
    }
  }

  /**
   * The figures of a variant on the channel of the test.
   *
   * @param sent recipients it was sent to
   * @param unsent recipients of the frozen audience that nothing has become of yet
   * @param converted recipients who did at least once what the metric names, machines left out
   * @param rate converted of sent, 0 to 1
   * @param value with the metric {@code custom_value}: the mean value per recipient
   */
  record AbTestVariant(
      String variant,
      String name,
      int percent,
      long sent,
      long unsent,
      long converted,
      double rate,
      @Nullable Double value) {}

  /**
   * Whether the variants' sizes are as planned.
   *
   * @param pValue how likely they are by chance; below 0.001 no look decides
   * @param mismatch they are not
   * @param sending they are not yet: those still to be sent to would make them so
   */
  record AbTestSampleRatio(double chiSquare, double pValue, boolean mismatch, boolean sending) {

    static AbTestSampleRatio of(double chiSquare, double pValue, boolean sending) {
      return new AbTestSampleRatio(
          chiSquare,
          pValue,
          !sending
              && new io.fanfare.analytics.abtest.statistics.SampleRatio(chiSquare, pValue)
                  .isMismatch(),
          sending);
    }
  }

  /**
   * A variant against the control.
   *
   * @param difference its rate, or mean value, less the control's
   * @param low lower end of the repeated confidence interval of the difference, all comparisons
   *     together at 1 − alpha; null before anybody converted
   * @param high upper end of the same
   * @param z the difference in standard errors
   * @param boundary what z must reach on either side
   * @param pValue repeated two-sided p-value of this comparison alone
   * @param adjustedPValue the same by Holm over all comparisons, to be held against alpha
   * @param significant at a look: a difference was found; null outside of looks
   */
  record AbTestComparison(
      String variant,
      double difference,
      @Nullable Double low,
      @Nullable Double high,
      double z,
      @Nullable Double boundary,
      @Nullable Double pValue,
      @JsonProperty("adjusted_p_value") @Nullable Double adjustedPValue,
      @Nullable Boolean significant) {

    static AbTestComparison of(Comparison comparison, boolean look) {
      var interval = comparison.interval();
      return new AbTestComparison(
          comparison.variant(),
          comparison.difference(),
          interval == null ? null : interval.low(),
          interval == null ? null : interval.high(),
          comparison.z(),
          comparison.boundary(),
          comparison.pValue(),
          comparison.adjustedPValue(),
          look ? comparison.significant() : null);
    }
  }

  /**
   * A look that was taken.
   *
   * @param look its number, from 1; one that nobody was there to take is left out
   * @param fraction the share of the planned duration it was declared for
   * @param verdict {@code wait}, {@code blocked}, {@code winner} or {@code fallback}
   * @param reason {@code too_small}, {@code sending}, {@code sample_ratio}, {@code not_significant}
   *     or {@code significant}
   * @param information how much the figures told, in proportion to the other looks
   */
  record AbTestLook(
      int look,
      double fraction,
      Instant at,
      @Schema(allowableValues = {"wait", "blocked", "winner", "fallback"}) String verdict,
      LookReason reason,
      double information,
      AbTestSampleRatio sampleRatio,
      List<AbTestVariant> variants,
      List<AbTestComparison> comparisons) {}

  /**
   * The look to come.
   *
   * @param at when; null while the broadcast is paused
   */
  record AbTestNextLook(int look, double fraction, @Nullable Instant at) {}
}
