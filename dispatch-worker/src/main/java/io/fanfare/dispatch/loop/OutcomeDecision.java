package io.fanfare.dispatch.loop;

import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.dispatch.channel.SendOutcome;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger records of a channel's answer.
 *
 * @param outcome the outcome
 * @param cause why, unless sent
 * @param retryAt the earliest instant the provider wants a retry, if it named one
 * @param providerMessageId the provider's id, if it gave one
 */
public record OutcomeDecision(
    Outcome outcome,
    @Nullable Cause cause,
    @Nullable Instant retryAt,
    @Nullable String providerMessageId) {

  /** How long a lane waits when the provider says "too fast" and not until when. */
  static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

  private static final Cause STOPPED =
      new Cause("stopped", "stopped just before it would have been written", null);

  /**
   * Decides.
   *
   * @param bucket where the recipient stood before
   * @param attempt the counted try that was made, from 1
   * @param maxAttempts counted tries a recipient has
   * @param cancelled the broadcast has ended sending
   */
  public static OutcomeDecision decide(
      SendOutcome answer,
      Bucket bucket,
      int attempt,
      int maxAttempts,
      boolean cancelled,
      Instant now) {
    return switch (answer) {
      case SendOutcome.Sent sent ->
          new OutcomeDecision(Outcome.SENT, null, null, sent.providerMessageId());
      case SendOutcome.Deferred deferred -> deferred(deferred, attempt, maxAttempts, now);
      case SendOutcome.Rejected rejected -> of(Outcome.FAILED, rejected.cause());
      case SendOutcome.NotSent notSent -> of(retryOrDead(attempt, maxAttempts), notSent.cause());
      case SendOutcome.Unknown unknown -> of(Outcome.IN_DOUBT, unknown.cause());
      case SendOutcome.AccountRefused refused -> of(Outcome.RETURNED, refused.cause());
      case SendOutcome.Stopped stopped ->
          cancelled ? unwritten(CommandDecision.cancelled(bucket)) : of(Outcome.RETURNED, STOPPED);
    };
  }

  /** Of a send that was stopped before the write for good. */
  static OutcomeDecision unwritten(CommandDecision.End end) {
    return of(end.outcome(), end.cause());
  }

  /**
   * The same without the recipient in the provider's words, which outlive the contact.
   *
   * @param address whom it was sent to; null for nobody
   */
  OutcomeDecision withoutAddress(@Nullable String address) {
    if (cause == null || address == null) {
      return this;
    }
    Cause told = AddressRedaction.of(cause, address);
    return told == cause ? this : new OutcomeDecision(outcome, told, retryAt, providerMessageId);
  }

  private static OutcomeDecision deferred(
      SendOutcome.Deferred deferred, int attempt, int maxAttempts, Instant now) {
    Duration after = deferred.retryAfter();
    // Without a time of the provider's the back-off says when: a second each time would go on for
    // ever.
    Instant retryAt = after == null ? null : now.plus(after);
    if (deferred.rateLimited()) {
      return new OutcomeDecision(Outcome.RATE_LIMITED, deferred.cause(), retryAt, null);
    }
    return new OutcomeDecision(retryOrDead(attempt, maxAttempts), deferred.cause(), retryAt, null);
  }

  private static Outcome retryOrDead(int attempt, int maxAttempts) {
    return attempt >= maxAttempts ? Outcome.DEAD : Outcome.RETRYING;
  }

  private static OutcomeDecision of(Outcome outcome, Cause cause) {
    return new OutcomeDecision(outcome, cause, null, null);
  }
}
