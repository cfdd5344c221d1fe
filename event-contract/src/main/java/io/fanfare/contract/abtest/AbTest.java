package io.fanfare.contract.abtest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.fanfare.contract.Channel;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The plan of an A/B/n test, declared before the broadcast starts and never changed after. The
 * percentages of the variants and {@code holdBackPercent} add up to 100.
 *
 * @param variants two to eight; the first one is the control the others are compared with
 * @param holdBackPercent 0–90: the share that waits for the winner
 * @param channel the channel whose recipients are compared, so that each contact counts once
 * @param metric what the variants are compared by
 * @param customEvent with {@link Metric#CUSTOM}: the name of the event; else null
 * @param looks when significance may be found, as fractions of {@code duration} in ascending order,
 *     the last one 1; one to five
 * @param duration from when the last variant may be sent to everybody to the last look
 * @param minimumSample recipients sent to per variant below which no look decides
 * @param alpha the two-sided chance of a false winner over all looks and variants, such as 0.05
 * @param decision who releases the hold-back
 * @param fallback the variant that the hold-back gets when nothing is significant
 * @param button with {@link Metric#BUTTON}: the data of the one button that counts; null: any
 * @param baseline the rate expected of the control, 0 to 1; null: nobody said
 * @param minimumEffect the smallest lift worth finding, as a share of the baseline; null: nobody
 *     said
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AbTest(
    List<Variant> variants,
    int holdBackPercent,
    Channel channel,
    Metric metric,
    @Nullable String customEvent,
    List<Double> looks,
    Duration duration,
    int minimumSample,
    double alpha,
    Decision decision,
    String fallback,
    @Nullable String button,
    @Nullable Double baseline,
    @Nullable Double minimumEffect) {

  /** Of any button, with nothing said of what is expected. */
  public AbTest(
      List<Variant> variants,
      int holdBackPercent,
      Channel channel,
      Metric metric,
      @Nullable String customEvent,
      List<Double> looks,
      Duration duration,
      int minimumSample,
      double alpha,
      Decision decision,
      String fallback) {
    this(
        variants,
        holdBackPercent,
        channel,
        metric,
        customEvent,
        looks,
        duration,
        minimumSample,
        alpha,
        decision,
        fallback,
        null,
        null,
        null);
  }

  /**
   * The variant of content and of every event of the recipients that waited for the winner, so that
   * they are not counted into the test.
   */
  public static final String HOLD_BACK = "winner";

  /**
   * A version of the content under test.
   *
   * @param id {@code a} to {@code h}
   * @param name what people call it
   * @param percent of the whole audience, 1–99
   * @param delay how long after the start, or the contact's own time, it is sent, to test the time
   *     of sending; null: at once
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Variant(String id, String name, int percent, @Nullable Duration delay) {}

  /** What the variants are compared by: the share of recipients who did it at least once. */
  public enum Metric {
    /** A click of a human. */
    CLICK,
    /** An opening by a human. */
    OPEN,
    REPLY,
    /** A press of a button, any or a named one. */
    BUTTON,
    /** A custom event. */
    CUSTOM,
    /** The mean value of a custom event per recipient. */
    CUSTOM_VALUE;

    /** The name in JSON. */
    @JsonValue
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Who releases the hold-back. */
  public enum Decision {
    /** The winner, or else the fallback, is sent without anybody's doing. */
    AUTO,
    /** Somebody decides over REST. */
    MANUAL;

    /** The name in JSON. */
    @JsonValue
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
