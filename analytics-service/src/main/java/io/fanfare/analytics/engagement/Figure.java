package io.fanfare.analytics.engagement;

import io.fanfare.contract.engagement.EngagementEvent.Kind;
import java.time.Instant;

/** A figure of a broadcast on a channel: what identifies a row of a roll-up within it. */
sealed interface Figure {

  /** Of a variant as a whole. */
  record Total(String variant, Kind kind, String name, boolean machine) implements Figure {}

  /** The time series. */
  record OfMinute(Instant minute, String variant, Kind kind, int link, boolean machine)
      implements Figure {}

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
}
