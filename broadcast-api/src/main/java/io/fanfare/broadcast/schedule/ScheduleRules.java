package io.fanfare.broadcast.schedule;

import io.fanfare.support.problem.FieldProblem;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/** Which schedules can be. */
public final class ScheduleRules {

  /** Two times of a schedule, by the clock on the wall, are no closer. */
  static final Duration CLOSEST = Duration.ofMinutes(5);

  private static final Duration FURTHEST_START = Duration.ofDays(366);
  private static final int MAX_CHARACTERS = 200;
  private static final int MAX_FIRES = 100_000;

  // More than two whole days of times that lie five minutes apart, and years of others: whatever
  // two times of an expression can lie close to one another has come by then.
  private static final int SAMPLE = 600;
  private static final int SAMPLE_YEARS = 10;

  private ScheduleRules() {}

  /**
   * What is wrong with a schedule.
   *
   * @param at a pointer to it, without a slash at its end
   */
  public static List<FieldProblem> problems(String at, ScheduleChoice schedule, Instant now) {
    List<FieldProblem> problems = new ArrayList<>();
    if (schedule.zone() == null || !ZoneId.getAvailableZoneIds().contains(schedule.zone())) {
      problems.add(new FieldProblem(at + "/zone", "must be an IANA time zone"));
    }
    String wrong = wrong(schedule.cron(), now);
    if (wrong != null) {
      problems.add(new FieldProblem(at + "/cron", wrong));
    }
    if (schedule.startsAt() != null && schedule.startsAt().isAfter(now.plus(FURTHEST_START))) {
      problems.add(new FieldProblem(at + "/starts_at", "must be within a year"));
    }
    if (schedule.maxFires() != null
        && (schedule.maxFires() < 1 || schedule.maxFires() > MAX_FIRES)) {
      problems.add(new FieldProblem(at + "/max_fires", "must be 1 to " + MAX_FIRES));
    }
    if (problems.isEmpty() && FireTimes.of(schedule).next(now) == null) {
      problems.add(
          new FieldProblem(
              at + (schedule.endsAt() == null ? "/cron" : "/ends_at"),
              "leaves no time that is yet to come"));
    }
    return problems;
  }

  private static @Nullable String wrong(@Nullable String text, Instant now) {
    if (text == null || text.isBlank() || text.length() > MAX_CHARACTERS) {
      return "must be a cron expression of five fields";
    }
    CronExpression cron;
    try {
      cron = FireTimes.parse(text);
    } catch (IllegalArgumentException e) {
      return "is no cron expression: " + e.getMessage();
    }
    LocalDateTime start = LocalDateTime.ofInstant(now, ZoneOffset.UTC);
    LocalDateTime before = cron.next(start);
    if (before == null) {
      return "never comes";
    }
    for (int i = 0; i < SAMPLE; i++) {
      LocalDateTime next = cron.next(before);
      if (next == null || next.isAfter(start.plusYears(SAMPLE_YEARS))) {
        return null;
      }
      if (Duration.between(before, next).compareTo(CLOSEST) < 0) {
        return "comes more often than every 5 minutes, such as at %s and %s"
            .formatted(before.toLocalTime(), next.toLocalTime());
      }
      before = next;
    }
    return null;
  }
}
