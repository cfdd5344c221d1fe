package io.fanfare.broadcast.schedule;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is to be made of a schedule whose time has come. */
public final class FirePlanner {

  /** A time that passed longer ago is late: nobody was there to make anything for it. */
  static final Duration LATE = Duration.ofMinutes(1);

  /**
   * What is to be made.
   *
   * @param fire the time something is made for; null: for none
   * @param missed times that passed without anything made for them
   * @param next when to look again; null: never
   */
  public record Plan(@Nullable Instant fire, long missed, @Nullable Instant next) {}

  private FirePlanner() {}

  /**
   * Plans for a schedule that is due.
   *
   * @param due its first time that nothing was made for, not after now
   * @param left how many more may be made, at least one; null: any number
   */
  public static Plan plan(
      FireTimes times, Misfire misfire, Instant due, Instant now, @Nullable Integer left) {
    Instant last = due;
    long passed = 1;
    Instant next = times.next(due);
    while (next != null && !next.isAfter(now)) {
      last = next;
      passed++;
      next = times.next(next);
    }
    boolean late = last.plus(LATE).isBefore(now);
    if (late && misfire == Misfire.SKIP) {
      return new Plan(null, passed, next);
    }
    return new Plan(last, passed - 1, left != null && left <= 1 ? null : next);
  }
}
