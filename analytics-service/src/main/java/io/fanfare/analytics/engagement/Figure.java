package io.fanfare.analytics.engagement;

import io.fanfare.contract.engagement.EngagementEvent.Kind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** A figure of a broadcast on a channel: what identifies a row of a roll-up within it. */
sealed interface Figure {

  /** Of a variant as a whole. */
  record Total(String variant, Kind kind, String name, boolean machine) implements Figure {}

  /** Of a variant in a part of the audience. */
  record OfSegment(int segment, String variant, Kind kind, String name, boolean machine)
      implements Figure {}

  /** The time series of the whole broadcast. */
  record OfPoint(Kind kind, Step step, Instant at, boolean machine) implements Figure {}

  /** The time series of a part of it. */
  record OfHour(Kind kind, Instant hour, int segment, String variant, boolean machine)
      implements Figure {}

  /** The time series of a link. */
  record OfLinkHour(String variant, int link, Instant hour, boolean machine) implements Figure {}

  record OfLink(String variant, int link, boolean machine) implements Figure {}

  /** By the days since the message was made. */
  record OfDay(Kind kind, int day, boolean machine) implements Figure {}

  /**
   * The heat map.
   *
   * @param weekday 1 is Monday
   * @param zoneKnown whether it is the contact's own time; else it is UTC
   */
  record OfWeekHour(Kind kind, int weekday, int hour, boolean zoneKnown, boolean machine)
      implements Figure {}

  /** The length of a point of a time series. */
  enum Step {
    MINUTE(ChronoUnit.MINUTES),
    HOUR(ChronoUnit.HOURS);

    private final ChronoUnit unit;

    Step(ChronoUnit unit) {
      this.unit = unit;
    }

    Instant begin(Instant at) {
      return at.truncatedTo(unit);
    }

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
