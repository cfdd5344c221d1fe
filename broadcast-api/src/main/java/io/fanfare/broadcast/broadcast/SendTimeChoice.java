package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.broadcast.SendTime;
import io.fanfare.support.problem.FieldProblem;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When each contact gets the broadcast, by the clock of his own time zone: everybody at one local
 * time, or each at the hour he prefers. Quiet hours win over both.
 *
 * @param localTime what the clock shows when everybody gets it, without a zone; at most 30 days
 *     after the start. Where the clock leaps over it, the moment after the leap; where it comes
 *     twice, the first time
 * @param past with {@code local_time}: what becomes of contacts for whom it has passed when the
 *     broadcast starts. {@code send} (the default): they get it at once; {@code skip}: they are
 *     skipped as {@code local_time_past}
 * @param atPreferredHour true: each gets it at the next hour he prefers, at once while it lasts
 * @param defaultHour with {@code at_preferred_hour}: the hour of contacts that have told none, 0 to
 *     23
 * @param zone where contacts are that have no time zone, an IANA id
 */
@Schema(
    name = "SendTime",
    description =
        "When each contact gets it, by the clock of his own time zone: either everybody at one"
            + " local_time, or each at the hour he prefers. Quiet hours win over both")
public record SendTimeChoice(
    @Nullable
        @Schema(
            type = "string",
            example = "2030-03-01T09:00",
            description =
                "What the clock shows, without a zone; at most 30 days after the start. Where the"
                    + " clock leaps over it, the moment after; where it comes twice, the first time")
        LocalDateTime localTime,
    @Schema(
            description =
                "With local_time: those for whom it has passed at the start get it at once, or are"
                    + " skipped as local_time_past",
            defaultValue = "send")
        SendTime.@Nullable Past past,
    @Nullable
        @Schema(
            example = "false",
            description =
                "The next beginning of the contact's preferred hour, at once while it lasts")
        Boolean atPreferredHour,
    @Nullable
        @Schema(
            example = "18",
            description = "With at_preferred_hour: of contacts that have told none, 0 to 23")
        Integer defaultHour,
    @Nullable
        @Schema(
            example = "Europe/Berlin",
            description = "Where contacts are that have no time zone, an IANA id")
        String zone) {

  /** So that what waits does not outlast what is kept of a broadcast. */
  static final Duration FURTHEST = Duration.ofDays(30);

  private static final SendTimeChoice NOTHING = new SendTimeChoice(null, null, null, null, null);

  /** Nothing is said at all, which takes the send time off a draft. */
  boolean sayNothing() {
    return equals(NOTHING);
  }

  boolean prefersHours() {
    return Boolean.TRUE.equals(atPreferredHour);
  }

  /** What is wrong with it whenever it is used. */
  List<FieldProblem> problems() {
    List<FieldProblem> problems = new ArrayList<>();
    if ((localTime != null) == prefersHours()) {
      problems.add(
          new FieldProblem(
              "/send_time", "must have either a local_time or at_preferred_hour, and not both"));
    }
    if (zone == null || !ZoneId.getAvailableZoneIds().contains(zone)) {
      problems.add(new FieldProblem("/send_time/zone", "must be an IANA time zone"));
    }
    if (prefersHours()) {
      if (defaultHour == null || defaultHour < 0 || defaultHour > 23) {
        problems.add(new FieldProblem("/send_time/default_hour", "must be 0 to 23"));
      }
      if (past != null) {
        problems.add(new FieldProblem("/send_time/past", "goes with local_time alone"));
      }
    } else if (defaultHour != null) {
      problems.add(
          new FieldProblem("/send_time/default_hour", "goes with at_preferred_hour alone"));
    }
    return problems;
  }

  /** What is wrong with it for a broadcast that starts at an instant. */
  List<FieldProblem> problemsAt(Instant start) {
    if (localTime == null) {
      return List.of();
    }
    // It comes first at UTC+14 and last at UTC-12.
    if (localTime.toInstant(ZoneOffset.ofHours(14)).isAfter(start.plus(FURTHEST))) {
      return List.of(
          new FieldProblem(
              "/send_time/local_time", "must be at most 30 days after the broadcast starts"));
    }
    if (localTime.toInstant(ZoneOffset.ofHours(-12)).isBefore(start)) {
      return List.of(
          new FieldProblem(
              "/send_time/local_time", "has passed everywhere when the broadcast starts"));
    }
    return List.of();
  }

  /**
   * As the other services see it.
   *
   * @throws NullPointerException unless there is nothing wrong with it
   */
  SendTime contract() {
    return new SendTime(
        localTime,
        localTime == null ? null : Objects.requireNonNullElse(past, SendTime.Past.SEND),
        prefersHours() ? defaultHour : null,
        Objects.requireNonNull(zone));
  }
}
