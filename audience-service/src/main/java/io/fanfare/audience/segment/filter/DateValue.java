package io.fanfare.audience.segment.filter;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAdjusters;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A day or a second a filter names: {@code 2026-03-01}, {@code 2026-03-01T09:00:00Z}, {@code
 * today}, {@code start_of_week}, {@code start_of_month} or {@code start_of_year}, and these with an
 * offset such as {@code start_of_month-1m}; an offset alone ({@code -30d}, {@code +2w}) counts from
 * today. Units are d, w, m and y; weeks begin on Monday.
 */
public sealed interface DateValue {

  /** What it is at a time, in a zone. */
  Span resolve(Instant now, ZoneId zone);

  /** The form {@link #parse} reads. */
  String text();

  /**
   * A named day or second as a span of time.
   *
   * @param day the day, or the day of the second
   * @param from its first instant
   * @param to the first instant after it
   */
  record Span(LocalDate day, Instant from, Instant to) {}

  /** A day of the calendar. */
  record Day(LocalDate date) implements DateValue {
    @Override
    public Span resolve(Instant now, ZoneId zone) {
      return spanOf(date, zone);
    }

    @Override
    public String text() {
      return date.toString();
    }
  }

  /** An instant, to the second. */
  record Second(Instant at) implements DateValue {
    @Override
    public Span resolve(Instant now, ZoneId zone) {
      return new Span(at.atZone(zone).toLocalDate(), at, at.plusSeconds(1));
    }

    @Override
    public String text() {
      return at.toString();
    }
  }

  /** A day counted from another, which today decides. */
  record Relative(Anchor anchor, int amount, Unit unit) implements DateValue {
    @Override
    public Span resolve(Instant now, ZoneId zone) {
      return spanOf(unit.after(anchor.of(now.atZone(zone).toLocalDate()), amount), zone);
    }

    @Override
    public String text() {
      String offset = amount == 0 ? "" : (amount > 0 ? "+" : "") + amount + unit.letter();
      return anchor == Anchor.TODAY && amount != 0 ? offset : anchor.id() + offset;
    }
  }

  /** Where a relative day is counted from. */
  enum Anchor {
    TODAY,
    START_OF_WEEK,
    START_OF_MONTH,
    START_OF_YEAR;

    LocalDate of(LocalDate today) {
      return switch (this) {
        case TODAY -> today;
        case START_OF_WEEK -> today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        case START_OF_MONTH -> today.withDayOfMonth(1);
        case START_OF_YEAR -> today.withDayOfYear(1);
      };
    }

    String id() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** What an offset is counted in. A month after January 31 is the last day of February. */
  enum Unit {
    DAYS(36_500),
    WEEKS(5_200),
    MONTHS(1_200),
    YEARS(100);

    private final int max;

    Unit(int max) {
      this.max = max;
    }

    LocalDate after(LocalDate day, int amount) {
      return day.plus(
          switch (this) {
            case DAYS -> Period.ofDays(amount);
            case WEEKS -> Period.ofWeeks(amount);
            case MONTHS -> Period.ofMonths(amount);
            case YEARS -> Period.ofYears(amount);
          });
    }

    char letter() {
      return Character.toLowerCase(name().charAt(0));
    }

    static Unit of(char letter) {
      return switch (letter) {
        case 'd' -> DAYS;
        case 'w' -> WEEKS;
        case 'm' -> MONTHS;
        default -> YEARS;
      };
    }
  }

  Pattern RELATIVE =
      Pattern.compile(
          "(today|start_of_week|start_of_month|start_of_year)?(?:([+-]\\d{1,5})([dwmy]))?");

  /**
   * Reads a date.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  static DateValue parse(String text) {
    Matcher relative = RELATIVE.matcher(text);
    if (!text.isEmpty() && relative.matches()) {
      return relative(relative);
    }
    try {
      if (text.length() == 10) {
        return new Day(checked(LocalDate.parse(text)));
      }
      Instant at = Instant.parse(text);
      checked(at.atZone(ZoneOffset.UTC).toLocalDate());
      if (at.get(ChronoField.NANO_OF_SECOND) != 0) {
        throw new IllegalArgumentException("is given to the second at most");
      }
      return new Second(at);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "is no date: 2026-03-01, 2026-03-01T09:00:00Z, today, -30d, +2w or start_of_month", e);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("is no date", e);
    }
  }

  private static Relative relative(Matcher relative) {
    String anchor = relative.group(1);
    Anchor from =
        anchor == null ? Anchor.TODAY : Anchor.valueOf(anchor.toUpperCase(java.util.Locale.ROOT));
    if (relative.group(2) == null) {
      return new Relative(from, 0, Unit.DAYS);
    }
    int amount = Integer.parseInt(relative.group(2));
    Unit unit = Unit.of(relative.group(3).charAt(0));
    if (Math.abs(amount) > unit.max) {
      throw new IllegalArgumentException("is more than a hundred years away");
    }
    return new Relative(from, amount, amount == 0 ? Unit.DAYS : unit);
  }

  private static LocalDate checked(LocalDate date) {
    if (date.getYear() < 1800 || date.getYear() > 2200) {
      throw new IllegalArgumentException("is a date of the years 1800 to 2200");
    }
    return date;
  }

  private static Span spanOf(LocalDate day, ZoneId zone) {
    return new Span(
        day, day.atStartOfDay(zone).toInstant(), day.plusDays(1).atStartOfDay(zone).toInstant());
  }
}
