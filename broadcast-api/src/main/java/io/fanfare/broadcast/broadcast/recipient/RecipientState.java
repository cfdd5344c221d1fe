package io.fanfare.broadcast.broadcast.recipient;

import com.fasterxml.jackson.annotation.JsonValue;
import io.fanfare.support.problem.ProblemException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where a recipient stands; the same words as in the progress, which counts them. */
enum RecipientState {
  PENDING,
  IN_FLIGHT,
  RETRYING,
  SENT,
  FAILED,
  DEAD,
  IN_DOUBT,
  SKIPPED,
  CANCELLED,
  /** Of one channel; the contact is the recipient of another one, and counted and listed there. */
  FELL_BACK;

  /**
   * @throws ProblemException 422 when no recipient can be listed by it
   */
  static RecipientState of(String id) {
    return Arrays.stream(values())
        .filter(state -> state != FELL_BACK && state.id().equals(id))
        .findFirst()
        .orElseThrow(() -> ProblemException.invalid("state", "is not one of " + all()));
  }

  private static String all() {
    return Arrays.stream(values())
        .filter(state -> state != FELL_BACK)
        .map(RecipientState::id)
        .collect(Collectors.joining(", "));
  }

  /** Whether the ledger alone knows who is there. */
  boolean isInTheLedgerAlone() {
    return this == SENT || this == FAILED || this == DEAD || this == IN_DOUBT;
  }

  /** The name in JSON. */
  @JsonValue
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
