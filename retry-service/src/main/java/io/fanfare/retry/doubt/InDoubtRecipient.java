package io.fanfare.retry.doubt;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.fanfare.contract.Lane;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.retry.due.Retry;
import io.fanfare.retry.due.Try;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A recipient of whom nobody can know whether the message was sent.
 *
 * @param issue the order that ended in doubt
 * @param attempt the counted try it was
 * @param at when it ended so
 * @param lane account and shard it was sent on
 * @param cause why nobody knows
 * @param resend whether it is sent again
 * @param resendAt when, at the earliest; absent when it is not
 */
@Schema(name = "InDoubtRecipient")
@JsonInclude(JsonInclude.Include.NON_NULL)
record InDoubtRecipient(
    long contactId,
    String channel,
    String variant,
    int issue,
    int attempt,
    Instant at,
    @Schema(type = "string") Lane lane,
    @Nullable Cause cause,
    Resend resend,
    @Nullable Instant resendAt) {

  /** Whether a recipient in doubt is sent to again. */
  enum Resend {
    /** Unless somebody orders it. */
    NONE,
    /** Somebody ordered it. */
    ORDERED,
    /** By itself, as the policy at-least-once says. */
    SCHEDULED;

    /** The name in JSON. */
    @JsonValue
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static InDoubtRecipient of(Retry retry) {
    Try doubtful = lastInDoubt(retry);
    Cause cause =
        doubtful.code() == null
            ? null
            : new Cause(
                doubtful.code(),
                doubtful.detail() == null ? "" : doubtful.detail(),
                doubtful.providerCode());
    return new InDoubtRecipient(
        retry.recipient().contactId(),
        retry.recipient().channel().name(),
        retry.variant(),
        doubtful.issue(),
        doubtful.attempt(),
        doubtful.at(),
        retry.lane(),
        cause,
        resend(retry),
        retry.dueAt());
  }

  /** The last try but for orders that came back untried since. */
  private static Try lastInDoubt(Retry retry) {
    return retry.history().stream()
        .filter(one -> one.outcome() == Outcome.IN_DOUBT)
        .max(Comparator.comparingInt(Try::issue))
        .orElseGet(() -> retry.history().getLast());
  }

  private static Resend resend(Retry retry) {
    if (retry.dueAt() == null) {
      return Resend.NONE;
    }
    return retry.granted() ? Resend.ORDERED : Resend.SCHEDULED;
  }
}
