package io.fanfare.analytics.stats;

import io.fanfare.support.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which questions are answered: none for more than an answer can hold. */
final class RangePolicy {

  static final int MAX_POINTS = 10_000;
  static final int MAX_DAYS = 400;
  static final int DEFAULT_DAYS = 90;
  private static final Instant EARLIEST = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  private RangePolicy() {}

  /** A time from its beginning to its end, which is not part of it. */
  record Range(Instant from, Instant to) {}

  /**
   * The part of a time series that is asked for: from the first result on and as much as there may
   * be, where nothing else is said.
   */
  static Range series(
      @Nullable Instant from, @Nullable Instant to, ChronoUnit step, Instant firstAt) {
    Instant begin = possible("from", from == null ? firstAt : from).truncatedTo(step);
    Duration longest = step.getDuration().multipliedBy(MAX_POINTS);
    Instant end = to == null ? begin.plus(longest) : possible("to", to);
    ordered(begin, end);
    if (Duration.between(begin, end).compareTo(longest) > 0) {
      throw ProblemException.invalid(
          "to", "is more than %,d points after the beginning".formatted(MAX_POINTS));
    }
    return new Range(begin, end);
  }

  /** When the broadcasts that are asked for started: lately, where nothing else is said. */
  static Range started(@Nullable Instant from, @Nullable Instant to, Instant now) {
    Instant end = to == null ? now.plus(1, ChronoUnit.DAYS) : possible("to", to);
    Instant begin =
        from == null ? end.minus(DEFAULT_DAYS, ChronoUnit.DAYS) : possible("from", from);
    ordered(begin, end);
    if (Duration.between(begin, end).toDays() > MAX_DAYS) {
      throw ProblemException.invalid("to", "is more than %d days after from".formatted(MAX_DAYS));
    }
    return new Range(begin, end);
  }

  /** One of the values a parameter may have. */
  static String oneOf(String parameter, String value, List<String> values) {
    if (!values.contains(value)) {
      throw ProblemException.invalid(parameter, "is one of " + String.join(", ", values));
    }
    return value;
  }

  /** A number within bounds. */
  static int within(String parameter, int value, int most) {
    if (value < 1 || value > most) {
      throw ProblemException.invalid(parameter, "is 1 to " + most);
    }
    return value;
  }

  private static void ordered(Instant from, Instant to) {
    if (!from.isBefore(to)) {
      throw ProblemException.invalid("to", "is not after from");
    }
  }

  private static Instant possible(String parameter, Instant time) {
    if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
      throw ProblemException.invalid(parameter, "is no time of a broadcast");
    }
    return time;
  }
}
