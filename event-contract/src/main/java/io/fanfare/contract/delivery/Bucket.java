package io.fanfare.contract.delivery;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a recipient is counted. Every recipient is in exactly one bucket at any moment. */
public enum Bucket {
  /** Planned and not handed over yet. */
  PENDING,
  /** Handed over to the workers, without an end. */
  IN_FLIGHT,
  /** The last try failed in a way that may pass, or was refused for going too fast. */
  RETRYING,
  /** The provider took it. */
  SENT,
  /** Refused for good. */
  FAILED,
  /** Retries exhausted. */
  DEAD,
  /** Nobody can know whether it was sent. */
  IN_DOUBT,
  /** Not sent, for a reason that is no failure. */
  SKIPPED,
  /** The broadcast was cancelled first. */
  CANCELLED,
  /** This channel did not reach the contact, which is the recipient of another one instead. */
  FELL_BACK;

  /** The name in JSON. */
  @JsonValue
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
