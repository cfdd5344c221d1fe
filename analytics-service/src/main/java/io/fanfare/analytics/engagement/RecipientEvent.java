package io.fanfare.analytics.engagement;

import io.fanfare.analytics.audience.Segments;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What counts of an engagement event, exactly as it can be stored: times to the microsecond, values
 * to the millionth, what cannot be true left out.
 *
 * @param link the number of the link of a click, else 0
 * @param name the name of a custom event or a button, else empty
 * @param value of a custom event
 * @param sentAt when the message was made, if that can be
 * @param utcOffset minutes east of UTC where the contact is, if that can be
 * @param machine whether the event says that a machine did it
 * @param segment the number of the part of the audience the recipient was chosen through; 0 where
 *     nobody knows
 */
record RecipientEvent(
    UUID id,
    String variant,
    Kind kind,
    int link,
    String name,
    @Nullable BigDecimal value,
    Instant at,
    @Nullable Instant sentAt,
    @Nullable Integer utcOffset,
    boolean machine,
    int segment) {

  static final int MAX_NAME = 100;
  static final int VALUE_DIGITS = 15;
  static final int VALUE_SCALE = 6;
  private static final int MAX_UTC_OFFSET = 18 * 60;
  private static final Duration LONGEST_LIFE = Duration.ofDays(10_000);

  static RecipientEvent of(EngagementEvent event) {
    Instant at = event.at().truncatedTo(ChronoUnit.MICROS);
    return new RecipientEvent(
        event.eventId(),
        event.variant(),
        event.kind(),
        event.kind() == Kind.CLICKED && event.link() != null ? event.link() : 0,
        isNamed(event.kind()) && event.name() != null ? bounded(event.name()) : "",
        event.kind() == Kind.CUSTOM && event.value() != null
            ? event.value().setScale(VALUE_SCALE, RoundingMode.HALF_EVEN)
            : null,
        at,
        possibleSentAt(event.sentAt(), at),
        possibleOffset(event.utcOffset()),
        event.machine() != null,
        Segments.number(event.segment()));
  }

  /** Whether a value can be summed and squared over millions of recipients. */
  static boolean isCountable(BigDecimal value) {
    // Asked of the exponent: a number of a billion digits is short in JSON.
    return (long) value.precision() - value.scale() <= VALUE_DIGITS && value.scale() <= 100;
  }

  private static @Nullable Instant possibleSentAt(@Nullable Instant sentAt, Instant at) {
    if (sentAt == null
        || sentAt.isAfter(at.plus(1, ChronoUnit.DAYS))
        || sentAt.isBefore(at.minus(LONGEST_LIFE))) {
      return null;
    }
    return sentAt.truncatedTo(ChronoUnit.MICROS);
  }

  private static @Nullable Integer possibleOffset(@Nullable Integer minutes) {
    return minutes == null || Math.abs((long) minutes) > MAX_UTC_OFFSET ? null : minutes;
  }

  private static boolean isNamed(Kind kind) {
    return kind == Kind.CUSTOM || kind == Kind.BUTTON;
  }

  private static String bounded(String name) {
    return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
  }
}
