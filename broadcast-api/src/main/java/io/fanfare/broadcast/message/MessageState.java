package io.fanfare.broadcast.message;

import com.fasterxml.jackson.annotation.JsonValue;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a message stands. */
enum MessageState {
  /** It waits, or is being sent. */
  ACCEPTED,
  /** The provider took it. */
  SENT,
  /** It could not be sent for now; another try follows. */
  RETRYING,
  /** Refused for good. */
  FAILED,
  /** Retries exhausted. */
  DEAD,
  /** Nobody can know whether it was sent. */
  IN_DOUBT,
  /** Not sent, for a reason that is no failure. */
  SKIPPED,
  /** It could not be sent in time, or its account was deleted. */
  CANCELLED;

  /**
   * A state and what is known of it.
   *
   * @param cause why, unless sent or waiting
   * @param attempt the counted try it is or was
   * @param retryAt the earliest instant of the next try, if the provider named one
   * @param at when it came to stand so; null while nothing happened to it
   */
  record Standing(
      MessageState state,
      @Nullable Cause cause,
      @Nullable Integer attempt,
      @Nullable Instant retryAt,
      @Nullable Instant at,
      @Nullable String providerMessageId) {

    static final Standing ACCEPTED =
        new Standing(MessageState.ACCEPTED, null, null, null, null, null);
  }

  static MessageState of(Bucket bucket) {
    return switch (bucket) {
      case PENDING, IN_FLIGHT -> ACCEPTED;
      case RETRYING -> RETRYING;
      case SENT -> SENT;
      case FAILED -> FAILED;
      case DEAD -> DEAD;
      case IN_DOUBT -> IN_DOUBT;
      case SKIPPED -> SKIPPED;
      case CANCELLED -> CANCELLED;
      case FELL_BACK -> throw new IllegalArgumentException("a message has one channel");
    };
  }

  /** The name in JSON. */
  @JsonValue
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
