package io.fanfare.broadcast.broadcast;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a recurring broadcast stands. */
public enum RecurringState {
  /** It makes broadcasts when their times come. */
  ACTIVE,
  /** It makes none, and makes up for none afterwards. */
  PAUSED,
  /** There are no more times, or it has made as many as it was to. */
  ENDED;

  /** The name in JSON and in the database. */
  @JsonValue
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
