package io.fanfare.broadcast.schedule;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When something comes again and again.
 *
 * @param cron five fields: minute, hour, day of the month, month, day of the week (0 and 7 are
 *     Sunday; names, lists, ranges, steps, {@code L}, {@code W} and {@code #} as in Spring); both
 *     days must fit where both are given. Or {@code @hourly}, {@code @daily}, {@code @weekly},
 *     {@code @monthly}, {@code @yearly}. Times lie at least 5 minutes apart
 * @param zone by whose clock, an IANA id. A time the clock leaps over comes the moment after the
 *     leap; one it shows twice comes the first time alone
 * @param startsAt no time before this; left out: from now on
 * @param endsAt no time after this
 * @param maxFires the most broadcasts it makes, 1 to 100,000
 * @param misfire what becomes of times that passed more than a minute ago while nothing could be
 *     made for them: {@code skip} (the default) makes nothing for them, {@code fire_once} makes one
 *     broadcast for all of them
 */
@Schema(name = "Schedule")
public record ScheduleChoice(
    @Nullable
        @Schema(
            example = "0 9 * * MON-FRI",
            description =
                "Minute, hour, day of the month, month, day of the week (0 and 7 are Sunday); names,"
                    + " lists, ranges, steps, L, W and # may be used, and both days must fit where"
                    + " both are given. Or @hourly, @daily, @weekly, @monthly, @yearly. Times lie at"
                    + " least 5 minutes apart")
        String cron,
    @Nullable
        @Schema(
            example = "Europe/Berlin",
            description =
                "By whose clock, an IANA id. A time the clock leaps over comes the moment after; one"
                    + " it shows twice comes the first time alone")
        String zone,
    @Nullable @Schema(example = "2030-01-01T00:00:00Z", description = "No time before this")
        Instant startsAt,
    @Nullable @Schema(example = "2031-01-01T00:00:00Z", description = "No time after this")
        Instant endsAt,
    @Nullable @Schema(example = "52", description = "The most broadcasts it makes, 1 to 100,000")
        Integer maxFires,
    @Schema(
            description =
                "What becomes of times that passed more than a minute ago while nothing could be"
                    + " made for them: nothing, or one broadcast for all of them",
            defaultValue = "skip")
        @Nullable Misfire misfire) {

  /** The same with everything that may be left out. */
  public ScheduleChoice withDefaults() {
    return new ScheduleChoice(
        cron == null ? null : cron.strip(),
        zone,
        startsAt,
        endsAt,
        maxFires,
        misfire == null ? Misfire.SKIP : misfire);
  }
}
