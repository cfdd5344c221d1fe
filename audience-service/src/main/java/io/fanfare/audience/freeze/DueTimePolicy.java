package io.fanfare.audience.freeze;

import io.fanfare.contract.broadcast.SendTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When a contact gets a broadcast, by the clock of his time zone. Worked out once for each zone, or
 * zone and hour, however many contacts there are.
 *
 * <p>A time the clock leaps over is the moment after the leap; one it shows twice is the first of
 * the two.
 */
final class DueTimePolicy {

  /** A day, one whose clocks change, and one more: by then every hour has come. */
  private static final int DAYS = 3;

  /**
   * What a contact is told by his clock.
   *
   * @param at when he may be sent to; null: as soon as it is his turn
   * @param past he is not sent to, his time has passed
   */
  record Due(@Nullable Instant at, boolean past) {

    static final Due AT_ONCE = new Due(null, false);
    static final Due PAST = new Due(null, true);
  }

  private record Clock(@Nullable String zone, @Nullable Integer hour) {}

  private final @Nullable SendTime sendTime;
  private final Instant start;
  private final Map<Clock, Due> known = new HashMap<>();

  /**
   * @param sendTime of the broadcast; null: everybody as soon as it is his turn
   * @param start when it started, from which its times are counted however late it is frozen
   */
  DueTimePolicy(@Nullable SendTime sendTime, Instant start) {
    this.sendTime = sendTime;
    this.start = start;
  }

  /**
   * When a contact gets it.
   *
   * @param timeZone of the contact; null where he has none
   * @param hour the one he prefers; null where he has told none
   */
  Due of(@Nullable String timeZone, @Nullable Integer hour) {
    SendTime time = sendTime;
    return time == null
        ? Due.AT_ONCE
        : known.computeIfAbsent(new Clock(timeZone, hour), clock -> due(time, clock));
  }

  private Due due(SendTime time, Clock clock) {
    ZoneId zone = zone(clock.zone, time.zone());
    LocalDateTime localTime = time.localTime();
    if (localTime != null) {
      Instant at = at(localTime, zone);
      if (at.isBefore(start)) {
        return time.skipsPast() ? Due.PAST : Due.AT_ONCE;
      }
      return new Due(at, false);
    }
    Integer hour = clock.hour == null ? time.preferredHour() : clock.hour;
    return hour == null ? Due.AT_ONCE : next(hour, zone);
  }

  /** When an hour begins next; at once while it lasts. */
  private Due next(int hour, ZoneId zone) {
    ZonedDateTime now = start.atZone(zone);
    if (now.getHour() == hour) {
      return Due.AT_ONCE;
    }
    LocalDate today = now.toLocalDate();
    for (int day = 0; day < DAYS; day++) {
      Instant at = at(today.plusDays(day).atTime(hour, 0), zone);
      if (at.isAfter(start)) {
        return new Due(at, false);
      }
    }
    throw new IllegalStateException(hour + " o'clock does not come in " + zone);
  }

  private static Instant at(LocalDateTime wall, ZoneId zone) {
    ZoneOffsetTransition change = zone.getRules().getTransition(wall);
    return change != null && change.isGap() ? change.getInstant() : wall.atZone(zone).toInstant();
  }

  private static ZoneId zone(@Nullable String zone, String otherwise) {
    if (zone == null) {
      return ZoneId.of(otherwise);
    }
    try {
      return ZoneId.of(zone);
    } catch (DateTimeException unknown) {
      // One that this Java does not know any more must not stop a freeze.
      return ZoneId.of(otherwise);
    }
  }
}
