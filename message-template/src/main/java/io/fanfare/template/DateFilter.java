package io.fanfare.template;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code date(format, zone)}: an ISO date or instant in a format of day, month, year, weekday and
 * time letters; the zone is UTC where none is given.
 */
final class DateFilter {

  private static final Pattern FORMAT =
      Pattern.compile("(?:[yMdHhmsaE]|'[^']{0,20}'|[ .,:/\\-]){1,40}");
  private static final int MAX_CACHED = 500;
  private static final int MAX_INPUT = 64;
  private static final ConcurrentMap<String, DateTimeFormatter> FORMATTERS =
      new ConcurrentHashMap<>();

  private DateFilter() {}

  static @Nullable Object apply(
      @Nullable Object input, List<@Nullable Object> args, Budget budget) {
    if (Values.isEmpty(input)) {
      return null;
    }
    ZoneId zone = args.size() > 1 ? zone(Values.text(args.get(1), budget)) : ZoneOffset.UTC;
    ZonedDateTime time = parse(Values.text(input, budget), zone);
    try {
      return formatter(Values.text(args.getFirst(), budget)).format(time);
    } catch (DateTimeException e) {
      throw new EvaluationFailure("the date cannot be written in this format");
    }
  }

  private static ZoneId zone(String name) {
    try {
      return name.isEmpty() ? ZoneOffset.UTC : ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new EvaluationFailure("the filter date was given an unknown time zone");
    }
  }

  private static ZonedDateTime parse(String text, ZoneId zone) {
    try {
      if (text.length() > MAX_INPUT) {
        throw new EvaluationFailure("the filter date was given no date");
      }
      if (text.length() <= "2026-01-01".length()) {
        return text.indexOf(':') > 0
            ? LocalDate.EPOCH.atTime(LocalTime.parse(text)).atZone(zone)
            : LocalDate.parse(text).atStartOfDay(zone);
      }
      if (text.endsWith("Z")) {
        return Instant.parse(text).atZone(zone);
      }
      return text.matches(".*[+-]\\d\\d:?\\d\\d$")
          ? OffsetDateTime.parse(text).atZoneSameInstant(zone)
          : LocalDateTime.parse(text).atZone(zone);
    } catch (DateTimeException e) {
      throw new EvaluationFailure("the filter date was given no date");
    }
  }

  private static DateTimeFormatter formatter(String format) {
    DateTimeFormatter cached = FORMATTERS.get(format);
    if (cached != null) {
      return cached;
    }
    if (!FORMAT.matcher(format).matches()) {
      throw new EvaluationFailure(
          "the format of the filter date holds more than y M d E H h m s a");
    }
    try {
      DateTimeFormatter formatter = DateTimeFormatter.ofPattern(format, Locale.ENGLISH);
      if (FORMATTERS.size() < MAX_CACHED) {
        FORMATTERS.put(format, formatter);
      }
      return formatter;
    } catch (IllegalArgumentException e) {
      throw new EvaluationFailure("the format of the filter date is not one");
    }
  }
}
