package io.fanfare.retry.recipient;

import io.fanfare.retry.deadletter.DeadLetterRepository.Given;
import java.time.Instant;
import java.util.List;

/**
 * What this service knows of one contact in one broadcast; the tries themselves are the ledger's.
 *
 * @param due the retries to come
 * @param orders what somebody ordered or decided by hand
 */
record RetryHistory(
    List<RetryHistory.Due> due, List<Given> deadLetters, List<RetryHistory.HandOrder> orders) {

  /** A retry to come. */
  record Due(String channel, int issue, int attempt, Instant at, boolean byHand) {}

  /**
   * Somebody's order.
   *
   * @param issue the one it lets in, or would have
   * @param what requeue, resend or discard
   */
  record HandOrder(String channel, int issue, String what, String actor, Instant at) {}
}
