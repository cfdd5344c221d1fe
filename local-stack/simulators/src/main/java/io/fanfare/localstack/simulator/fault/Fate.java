package io.fanfare.localstack.simulator.fault;

/** What a plan has in store for an address; each address has exactly one. */
public enum Fate {
  /** Accepted. */
  ACCEPTED,
  /** Refused for good, always: 550 5.1.1, or 403 "bot was blocked by the user". */
  REFUSED,
  /** Refused for good, always: 550 5.1.10, or 400 "chat not found". */
  UNKNOWN,
  /** On the first tries: 451 4.3.0, or 429 with {@code retry_after}. */
  DEFERRED,
  /** On the first tries: 421 4.3.2 and the connection closed, or HTTP 502. */
  FAILED,
  /**
   * On the first tries: the message is taken in but not recorded, and the connection closed without
   * an answer.
   */
  DROPPED_BEFORE,
  /** On the first tries: the message is recorded, and the connection closed without an answer. */
  DROPPED_AFTER
}
