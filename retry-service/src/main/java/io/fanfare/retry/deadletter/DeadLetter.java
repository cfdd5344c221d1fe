package io.fanfare.retry.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.retry.due.Try;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A recipient that was given up.
 *
 * @param issue the order that ended so
 * @param outcome {@code failed}: refused for good; {@code dead}: out of attempts
 * @param attempts counted tries up to then
 * @param state what became of it
 * @param cause why it was given up
 * @param at when it was given up
 * @param resolution how it ended after all, once it is resolved
 * @param changedAt when its state changed last
 * @param history every try, oldest first, the newest 20; only when asked for a single one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeadLetter(
    UUID id,
    UUID broadcastId,
    long contactId,
    String channel,
    String variant,
    int issue,
    String outcome,
    int attempts,
    State state,
    @Nullable Cause cause,
    Instant at,
    @Nullable String resolution,
    Instant changedAt,
    @Nullable List<Try> history) {

  /** What became of a dead letter. */
  enum State {
    /** Nobody has done anything about it. */
    OPEN,
    /** It was asked for again and has no result yet. */
    REQUEUED,
    /** A later order ended, see its resolution. */
    RESOLVED,
    /** Somebody decided to leave it. */
    DISCARDED;

    /** The name in JSON and in the database. */
    @JsonValue
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  DeadLetter withHistory(List<Try> tries) {
    return new DeadLetter(
        id,
        broadcastId,
        contactId,
        channel,
        variant,
        issue,
        outcome,
        attempts,
        state,
        cause,
        at,
        resolution,
        changedAt,
        tries);
  }
}
