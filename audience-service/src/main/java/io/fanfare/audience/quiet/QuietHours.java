package io.fanfare.audience.quiet;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A part of every day in which nothing is sent, by the clock on the contact's wall.
 *
 * @param from when it begins
 * @param to when it ends, on the next day where that is not after {@code from}; never equal to it
 */
public record QuietHours(LocalTime from, LocalTime to) {

  /**
   * No order is carried out so shortly before quiet hours begin: what is claimed by then has been
   * written when they do.
   */
  static final Duration MARGIN = Duration.ofSeconds(5);

  // A day, one whose clocks change, and one more: by then every time of day has come.
  private static final int DAYS = 3;

  /**
   * What quiet hours mean for a message.
   *
   * @param until when they end, where they have begun; null where it may be sent
   * @param sendBefore when they begin again, less the margin; where they have begun, in the past
   */
  public record Window(@Nullable Instant until, Instant sendBefore) {}

  /** What these hours mean at an instant. */
  public Window at(Instant now, ZoneId zone) {
    Instant soon = now.plus(MARGIN);
    if (isQuiet(now, zone)) {
      return new Window(end(now, zone), now);
    }
    return isQuiet(soon, zone)
        ? new Window(end(soon, zone), now)
        : new Window(null, next(from, now, zone).minus(MARGIN));
  }

  boolean isQuiet(Instant instant, ZoneId zone) {
    LocalTime time = instant.atZone(zone).toLocalTime();
    return from.isBefore(to)
        ? !time.isBefore(from) && time.isBefore(to)
        : !time.isBefore(from) || time.isBefore(to);
  }

  private Instant end(Instant quiet, ZoneId zone) {
    Instant end = next(to, quiet, zone);
    // Where clocks are put back over the end, the quiet hours come a second time.
    return isQuiet(end, zone) ? next(to, end, zone) : end;
  }

  /** When the clock shows a time next; where it leaps over it, the moment after the leap. */
  private static Instant next(LocalTime time, Instant after, ZoneId zone) {
    LocalDate today = after.atZone(zone).toLocalDate();
    for (int day = 0; day < DAYS; day++) {
      ZonedDateTime first = ZonedDateTime.of(today.plusDays(day), time, zone);
      if (first.toLocalTime().isAfter(time)) {
        first =
            zone.getRules()
                .getTransition(today.plusDays(day).atTime(time))
                .getDateTimeAfter()
                .atZone(zone);
      }
      if (first.toInstant().isAfter(after)) {
        return first.toInstant();
      }
      ZonedDateTime second = first.withLaterOffsetAtOverlap();
      if (second.toInstant().isAfter(after)) {
        return second.toInstant();
      }
    }
    throw new IllegalStateException(time + " does not come in " + zone);
  }
}
