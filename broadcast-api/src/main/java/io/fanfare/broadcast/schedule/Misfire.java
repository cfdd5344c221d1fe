package io.fanfare.broadcast.schedule;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What becomes of times that passed while nothing could be made for them. */
public enum Misfire {
  /** Nothing is made for them. */
  SKIP,
  /** One broadcast is made for all of them, with the last of these times. */
  FIRE_ONCE;

  /** The name in JSON. */
  @JsonValue
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
