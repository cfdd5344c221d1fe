package io.fanfare.analytics.stats;

import io.fanfare.contract.broadcast.Audience;
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
  static final int MAX_NAME = 100;
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
    Instant end = to == null ? begin.plus(longest) : whole(possible("to", to), step);
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

  /**
   * Whether a series can be of a part of a broadcast: parts are counted by the hour, and only what
   * recipients did.
   */
  static void series(SeriesFilter filter, String kind, String step) {
    if (filter.isOfAll()) {
      return;
    }
    if (!step.equals("hour")) {
      throw ProblemException.invalid("step", "is hour where the series is of a part");
    }
    if (kind.equals("sent")) {
      throw ProblemException.invalid(
          "kind", "is what recipients did where the series is of a part");
    }
    name("channel", filter.channel());
    name("variant", filter.variant());
    Integer segment = filter.segment();
    if (segment != null && (segment < 0 || segment > Audience.MAX_PARTS)) {
      throw ProblemException.invalid("segment", "is 0 to " + Audience.MAX_PARTS);
    }
    if (filter.link() != null) {
      ofLink(filter, kind);
    }
  }

  /** What a database can look for. */
  private static void name(String parameter, @Nullable String value) {
    if (value != null && (value.length() > MAX_NAME || value.indexOf('\0') >= 0)) {
      throw ProblemException.invalid(parameter, "is no name of a " + parameter);
    }
  }

  /** Links have their numbers within the content of a variant on a channel. */
  private static void ofLink(SeriesFilter filter, String kind) {
    if (!kind.equals("clicked")) {
      throw ProblemException.invalid("kind", "is clicked where the series is of a link");
    }
    if (filter.channel() == null) {
      throw ProblemException.invalid("channel", "is missing: the link is of a channel's content");
    }
    if (filter.variant() == null) {
      throw ProblemException.invalid("variant", "is missing: the link is of a variant's content");
    }
    if (filter.segment() != null) {
      throw ProblemException.invalid("segment", "is not counted by link");
    }
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

  /** The end of the point that a time falls into. */
  private static Instant whole(Instant time, ChronoUnit step) {
    Instant begin = time.truncatedTo(step);
    return begin.equals(time) ? time : begin.plus(step.getDuration());
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
