package io.fanfare.broadcast.idempotency;

import java.security.MessageDigest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What becomes of a request with an idempotency key. */
sealed interface IdempotencyDecision {

  /** The key is new, or its first use ended without an answer: do it. */
  record Execute(UUID claimId) implements IdempotencyDecision {}

  /** It was done: give the same answer again. */
  record Replay(StoredResponse response) implements IdempotencyDecision {}

  /** It is being done at this moment. */
  record InProgress() implements IdempotencyDecision {}

  /** The key belongs to another request. */
  record Reused() implements IdempotencyDecision {}

  /**
   * Decides about a key that is taken.
   *
   * @param stored the fingerprint of the request that took it
   * @param presented the fingerprint of this one
   * @param response the answer to it; null while there is none
   */
  static IdempotencyDecision ofTaken(
      byte[] stored, byte[] presented, @Nullable StoredResponse response) {
    if (!MessageDigest.isEqual(stored, presented)) {
      return new Reused();
    }
    return response == null ? new InProgress() : new Replay(response);
  }
}
