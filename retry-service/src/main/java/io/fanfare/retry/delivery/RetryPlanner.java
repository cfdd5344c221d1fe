package io.fanfare.retry.delivery;

import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.retry.broadcast.BroadcastPolicy;
import io.fanfare.retry.due.BackoffPolicy;
import io.fanfare.retry.due.Recipient;
import io.fanfare.retry.due.Retry;
import io.fanfare.retry.due.Try;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides what comes of a result: another order and when, an end, or a dead letter. */
public final class RetryPlanner {

  private RetryPlanner() {}

  /**
   * Whether a result can mean anything here: the first orders of most recipients end without a
   * retry, and a first order that is given back goes back to where it came from.
   */
  public static boolean concerns(DeliveryEvent event) {
    return event.bucketBefore() != Bucket.IN_FLIGHT
        || switch (event.outcome()) {
          case SENT, SKIPPED, CANCELLED, FELL_BACK, RETURNED -> false;
          case FAILED, DEAD, RETRYING, RATE_LIMITED, IN_DOUBT -> true;
        };
  }

  /**
   * Decides.
   *
   * @param known what is known of the recipient; null when it never needed a retry
   * @param policy the broadcast's policy; null while its control is not known: the defaults serve,
   *     and nothing is announced before it is
   */
  public static RetryDecision decide(
      @Nullable Retry known, DeliveryEvent event, @Nullable BroadcastPolicy policy) {
    if (!concerns(event) || known != null && event.issue() < known.issue()) {
      return new RetryDecision.Ignored();
    }
    List<Duration> delays = policy == null ? BroadcastPolicy.DEFAULT_DELAYS : policy.retryDelays();
    return switch (event.outcome()) {
      // A fall back is no dead letter: requeued, it would reach the contact twice.
      case SENT, SKIPPED, CANCELLED, FELL_BACK -> ended(known, event);
      case FAILED, DEAD -> new RetryDecision.GivenUp(next(known, event, event.attempt(), null));
      case RETRYING, RATE_LIMITED -> retried(known, event, delays);
      // It was not tried: due as soon as the broadcast may send.
      case RETURNED -> new RetryDecision.Waits(next(known, event, event.attempt(), event.at()));
      case IN_DOUBT -> inDoubt(known, event, policy, delays);
    };
  }

  private static RetryDecision retried(
      @Nullable Retry known, DeliveryEvent event, List<Duration> delays) {
    Instant retryAt = event.retryAt();
    // The provider's own wish wins, and to follow it costs no attempt.
    boolean counts = event.outcome() == Outcome.RETRYING && retryAt == null;
    int attempt = counts ? event.attempt() + 1 : event.attempt();
    // "Too fast" without a time costs no attempt either, but waits longer each time.
    int waits = retryAt == null && !counts ? untimed(known) : 0;
    Instant dueAt = retryAt == null ? event.at().plus(delay(event, waits, delays)) : retryAt;
    return new RetryDecision.Waits(next(known, event, attempt, dueAt));
  }

  private static RetryDecision inDoubt(
      @Nullable Retry known,
      DeliveryEvent event,
      @Nullable BroadcastPolicy policy,
      List<Duration> delays) {
    boolean resent = policy == null || policy.resendsInDoubt();
    if (!resent || event.attempt() > delays.size()) {
      // Kept even when nothing was known of it: somebody may order it to be sent again.
      return ended(known, event);
    }
    Instant dueAt = event.at().plus(delay(event, delays));
    return new RetryDecision.Waits(next(known, event, event.attempt() + 1, dueAt));
  }

  // Remembered even where nothing was known before: a late answer may be told before the doubt that
  // it settles, which must be old news then.
  private static RetryDecision ended(@Nullable Retry known, DeliveryEvent event) {
    return new RetryDecision.Ended(next(known, event, event.attempt(), null));
  }

  /** How many of the last tries in a row the provider called too fast. */
  private static int untimed(@Nullable Retry known) {
    List<Try> history = known == null ? List.of() : known.history();
    int count = 0;
    while (count < history.size()
        && history.get(history.size() - 1 - count).outcome() == Outcome.RATE_LIMITED) {
      count++;
    }
    return count;
  }

  private static Duration delay(DeliveryEvent event, List<Duration> delays) {
    return delay(event, 0, delays);
  }

  private static Duration delay(DeliveryEvent event, int more, List<Duration> delays) {
    return BackoffPolicy.delay(delays, event.attempt() + more, Recipient.of(event), event.issue());
  }

  private static Retry next(
      @Nullable Retry known, DeliveryEvent event, int attempt, @Nullable Instant dueAt) {
    Bucket bucket = event.bucketAfter();
    return new Retry(
        Recipient.of(event),
        event.tenantId(),
        event.issue() + 1,
        attempt,
        bucket,
        dueAt != null && isGranted(known, bucket),
        event.ledgerDay(),
        event.lane(),
        event.variant(),
        event.segment(),
        dueAt,
        Try.after(known == null ? List.of() : known.history(), event));
  }

  /** An order that somebody asked for by hand stays one when it is given back untried. */
  private static boolean isGranted(@Nullable Retry known, Bucket bucket) {
    return switch (bucket) {
      case FAILED, DEAD -> true;
      case IN_DOUBT -> known != null && known.granted();
      case PENDING, IN_FLIGHT, RETRYING, SENT, SKIPPED, CANCELLED, FELL_BACK -> false;
    };
  }
}
