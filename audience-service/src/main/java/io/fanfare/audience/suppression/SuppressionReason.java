package io.fanfare.audience.suppression;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why an address is never to be sent to. */
public enum SuppressionReason {
  /** A message to it came back for good. */
  HARD_BOUNCE,
  /** Its owner called a message unwanted. */
  COMPLAINT,
  /** Somebody says so. */
  MANUAL;

  /** The name in JSON and in the database. */
  @JsonValue
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<SuppressionReason> of(String id) {
    return Arrays.stream(values()).filter(reason -> reason.id().equals(id)).findFirst();
  }
}
