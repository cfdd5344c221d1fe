package io.fanfare.analytics.abtest;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a test stands. */
enum AbTestState {
  /** Looks are to come. */
  RUNNING,
  /** A person is to decide; there is a recommendation. */
  AWAITING_DECISION,
  /** A person is to decide; the figures cannot. */
  BLOCKED,
  DECIDED,
  /** The broadcast was cancelled or failed before anything was decided. */
  CANCELLED;

  /** Nothing can be decided any more. */
  boolean isEnd() {
    return this == DECIDED || this == CANCELLED;
  }

  /** The name in JSON and in the table. */
  @JsonValue
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  static AbTestState of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }
}
