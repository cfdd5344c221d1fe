package io.fanfare.broadcast.schedule;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * One time of a schedule.
 *
 * @param at the instant
 * @param local what the clock of the schedule's zone shows, with its offset from UTC
 */
public record FireTime(
    @Schema(example = "2030-01-01T08:00:00Z") Instant at,
    @Schema(type = "string", example = "2030-01-01T09:00:00+01:00") String local) {

  static FireTime of(Instant at, ZoneId zone) {
    OffsetDateTime shown = at.atZone(zone).toOffsetDateTime();
    return new FireTime(at, DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(shown));
  }

  /** The next few times of a schedule. */
  public static List<FireTime> upcoming(FireTimes times, Instant after, int most) {
    return times.upcoming(after, most).stream().map(at -> of(at, times.zone())).toList();
  }
}
