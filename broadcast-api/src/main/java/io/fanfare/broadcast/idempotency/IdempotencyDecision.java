package io.fanfare.broadcast.idempotency;

import java.security.MessageDigest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What becomes of a request with an idempotency key. */
sealed interface IdempotencyDecision {

  /** The key is new, or its first use was refused: do it. */
  record Execute(UUID claimId) implements IdempotencyDecision {}

  /** It was done: give the same answer again. */
  record Replay(StoredResponse response) implements IdempotencyDecision {}

  /** It is being done at this moment. */
  record InProgress() implements IdempotencyDecision {}

  /** It was begun, and nobody can say any more whether it was done. */
  record Unknown() implements IdempotencyDecision {}

  /** The key belongs to another request. */
  record Reused() implements IdempotencyDecision {}

  /**
   * Decides about a key that is taken.
   *
   * @param stored the fingerprint of the request that took it
   * @param presented the fingerprint of this one
   * @param response the answer to it; null while there is none
   * @param lost whether there will be no answer any more
   */
  static IdempotencyDecision ofTaken(
      byte[] stored, byte[] presented, @Nullable StoredResponse response, boolean lost) {
    if (!MessageDigest.isEqual(stored, presented)) {
      return new Reused();
    }
    if (response != null) {
      return new Replay(response);
    }
    return lost ? new Unknown() : new InProgress();
  }
}
