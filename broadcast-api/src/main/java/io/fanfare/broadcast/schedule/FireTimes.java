package io.fanfare.broadcast.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/**
 * The times of a schedule. The expression is read by the clock on the wall, which knows no zone;
 * the zone says when the clock shows what it found. So a time the clock leaps over is the moment
 * after the leap, once however many there are, and one it shows twice is the first of the two.
 */
public final class FireTimes {

  private final CronExpression cron;
  private final ZoneId zone;
  private final @Nullable Instant startsAt;
  private final @Nullable Instant endsAt;

  private FireTimes(
      CronExpression cron, ZoneId zone, @Nullable Instant startsAt, @Nullable Instant endsAt) {
    this.cron = cron;
    this.zone = zone;
    this.startsAt = startsAt;
    this.endsAt = endsAt;
  }

  /**
   * The times of a schedule that {@link ScheduleRules} finds nothing wrong with.
   *
   * @throws IllegalArgumentException where the expression or the zone cannot be read
   */
  public static FireTimes of(ScheduleChoice schedule) {
    return new FireTimes(
        parse(Objects.requireNonNull(schedule.cron())),
        ZoneId.of(Objects.requireNonNull(schedule.zone())),
        schedule.startsAt(),
        schedule.endsAt());
  }

  /**
   * Reads an expression of five fields or a name such as {@code @daily}.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static CronExpression parse(String cron) {
    String text = cron.strip();
    if (text.startsWith("@")) {
      return CronExpression.parse(text);
    }
    if (text.split("\\s+").length != 5) {
      throw new IllegalArgumentException("must have five fields: minute hour day month weekday");
    }
    return CronExpression.parse("0 " + text);
  }

  /** The first time after an instant; null when there is none. */
  public @Nullable Instant next(Instant after) {
    Instant from = startsAt != null && startsAt.isAfter(after) ? startsAt.minusNanos(1) : after;
    LocalDateTime wall = LocalDateTime.ofInstant(from, zone);
    while ((wall = cron.next(wall)) != null) {
      Instant at = at(wall);
      // Times the clock shows for the second time have been.
      if (at.isAfter(from)) {
        return endsAt != null && at.isAfter(endsAt) ? null : at;
      }
    }
    return null;
  }

  /** The next few times after an instant. */
  public List<Instant> upcoming(Instant after, int most) {
    List<Instant> times = new ArrayList<>();
    Instant at = after;
    while (times.size() < most && (at = next(at)) != null) {
      times.add(at);
    }
    return times;
  }

  public ZoneId zone() {
    return zone;
  }

  private Instant at(LocalDateTime wall) {
    ZoneOffsetTransition change = zone.getRules().getTransition(wall);
    return change != null && change.isGap() ? change.getInstant() : wall.atZone(zone).toInstant();
  }
}
