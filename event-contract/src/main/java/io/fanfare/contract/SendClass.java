package io.fanfare.contract;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How urgent a command is. Each class has a topic of its own per channel. */
public enum SendClass {
  /** Broadcasts. */
  BULK,
  /** Transactional messages; taken first. */
  PRIORITY;

  /** The name in JSON and in topic names. */
  @JsonValue
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
