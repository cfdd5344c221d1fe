package io.fanfare.dispatch.ledger;

import io.fanfare.contract.delivery.Bucket;

/** What the ledger's numbers say, for those who read it. */
public final class LedgerBuckets {

  private LedgerBuckets() {}

  /** The bucket with a number. */
  public static Bucket of(int bucket) {
    return LedgerCodes.bucket(bucket);
  }

  /** Where a recipient is after an outcome, both by their numbers. */
  public static Bucket after(int bucket, int outcome) {
    return LedgerCodes.outcome(outcome).bucketAfter(LedgerCodes.bucket(bucket));
  }
}
