package io.fanfare.audience.release;

import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;

/** Says whose business a returned recipient is. */
public final class ReturnPolicy {

  private ReturnPolicy() {}

  /** It goes back among the pending; one that was ever retried goes back to retry-service. */
  public static boolean goesBackToPending(DeliveryEvent event) {
    return event.outcome() == Outcome.RETURNED && event.bucketBefore() == Bucket.IN_FLIGHT;
  }
}
