package io.fanfare.retry.delivery;

import io.fanfare.retry.due.Retry;

/** What comes of a result. */
public sealed interface RetryDecision {

  /** Nothing: it is old news, or no retry was ever needed. */
  record Ignored() implements RetryDecision {}

  /** Another order follows at {@code retry.dueAt()}. */
  record Waits(Retry retry) implements RetryDecision {}

  /** The recipient has its end, and nothing is due. */
  record Ended(Retry retry) implements RetryDecision {}

  /** The recipient is given up and becomes a dead letter. */
  record GivenUp(Retry retry) implements RetryDecision {}
}
