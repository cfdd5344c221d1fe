package io.fanfare.audience.quiet;

import io.fanfare.support.problem.FieldProblem;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Quiet hours as people set them.
 *
 * @param from when they begin, {@code HH:mm} or {@code HH:mm:ss}
 * @param to when they end, {@code HH:mm} or {@code HH:mm:ss}; on the next day where that is not
 *     after {@code from}
 * @param zone of the tenant's alone: where contacts are that have no time zone; UTC when absent
 * @param off of a contact's alone: true for no quiet hours, whatever the tenant's are
 */
@Schema(name = "QuietHours", description = "Empty: none are set")
record QuietSetting(
    @Nullable @Schema(example = "22:00") String from,
    @Nullable @Schema(example = "08:00") String to,
    @Nullable @Schema(example = "Europe/Berlin") String zone,
    @Nullable @Schema(example = "false") Boolean off) {

  static final QuietSetting NONE = new QuietSetting(null, null, null, null);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm[:ss]").withResolverStyle(ResolverStyle.STRICT);

  boolean isNone() {
    return from == null && to == null && !isOff();
  }

  boolean isOff() {
    return Boolean.TRUE.equals(off);
  }

  List<FieldProblem> problems(boolean ofContact) {
    List<FieldProblem> problems = new ArrayList<>();
    LocalTime begin = time("/from", from, problems);
    LocalTime end = time("/to", to, problems);
    if ((from == null) != (to == null)) {
      problems.add(new FieldProblem(from == null ? "/from" : "/to", "must be given too"));
    } else if (begin != null && begin.equals(end)) {
      problems.add(new FieldProblem("/to", "must not be when they begin"));
    }
    if (isOff() && (from != null || !ofContact)) {
      problems.add(
          new FieldProblem(
              "/off", ofContact ? "leaves no room for hours" : "is a contact's alone"));
    }
    if (zone != null && ofContact) {
      problems.add(new FieldProblem("/zone", "is the contact's own time_zone"));
    } else if (zone != null && !ZoneId.getAvailableZoneIds().contains(zone)) {
      problems.add(new FieldProblem("/zone", "is not an IANA time zone"));
    }
    return problems;
  }

  private static @Nullable LocalTime time(
      String pointer, @Nullable String text, List<FieldProblem> problems) {
    if (text == null) {
      return null;
    }
    try {
      return LocalTime.parse(text, TIME);
    } catch (DateTimeException e) {
      problems.add(new FieldProblem(pointer, "is not a time such as 22:00 or 22:00:30"));
      return null;
    }
  }
}
