package io.fanfare.contract.delivery;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How one command ended. */
public enum Outcome {
  /** The provider took the message. */
  SENT(Bucket.SENT),
  /** Refused for good: a dead letter that can be requeued. */
  FAILED(Bucket.FAILED),
  /** A failure that may pass, and no attempt is left: a dead letter that can be requeued. */
  DEAD(Bucket.DEAD),
  /** A failure that may pass; a retry follows. */
  RETRYING(Bucket.RETRYING),
  /** The provider said to come back later; costs no attempt. */
  RATE_LIMITED(Bucket.RETRYING),
  /** Nobody can know whether the provider took it. */
  IN_DOUBT(Bucket.IN_DOUBT),
  /**
   * Not sent and given back: a recipient that was never retried goes back to pending, one that was
   * goes back to retry-service. It changes no bucket of the ledger.
   */
  RETURNED(Bucket.IN_FLIGHT),
  /** Not sent for a reason that is no failure. */
  SKIPPED(Bucket.SKIPPED),
  /** The broadcast was cancelled first. */
  CANCELLED(Bucket.CANCELLED),
  /**
   * Refused for good, out of attempts or skipped, and the contact goes on to the next channel of
   * the broadcast's order: no dead letter, and no further order on this channel.
   */
  FELL_BACK(Bucket.FELL_BACK);

  private final Bucket bucket;

  Outcome(Bucket bucket) {
    this.bucket = bucket;
  }

  /**
   * The bucket a recipient is in after this outcome. {@link #RETURNED} leaves it where it was:
   *
   * @param before the bucket the command carried
   */
  public Bucket bucketAfter(Bucket before) {
    return this == RETURNED ? before : bucket;
  }

  /** The name in JSON and, after {@code broadcast.message_}, the event type. */
  @JsonValue
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
