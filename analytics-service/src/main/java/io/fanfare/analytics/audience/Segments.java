package io.fanfare.analytics.audience;

import io.fanfare.contract.broadcast.Audience;
import org.jspecify.annotations.Nullable;

/** Numbers of the parts of an audience, as figures have them. */
public final class Segments {

  /** Nobody knows, or a single message. */
  public static final int UNKNOWN = 0;

  private Segments() {}

  /** The number an event has, if it can be one: each makes rows of its own. */
  public static int number(@Nullable Integer segment) {
    return segment == null || segment < 1 || segment > Audience.MAX_PARTS ? UNKNOWN : segment;
  }
}
