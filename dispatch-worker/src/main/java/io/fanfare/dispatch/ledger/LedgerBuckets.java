package io.fanfare.dispatch.ledger;

import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import java.util.Arrays;

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

  /** The outcome with a number. */
  public static Outcome outcome(int outcome) {
    return LedgerCodes.outcome(outcome);
  }

  /** The numbers of the outcomes that lead to a bucket, whatever it was before. */
  public static Short[] outcomesOf(Bucket bucket) {
    return Arrays.stream(Outcome.values())
        .filter(outcome -> outcome != Outcome.RETURNED)
        .filter(outcome -> outcome.bucketAfter(Bucket.IN_FLIGHT) == bucket)
        .map(LedgerCodes::of)
        .toArray(Short[]::new);
  }
}
