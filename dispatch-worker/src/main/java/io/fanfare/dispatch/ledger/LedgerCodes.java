package io.fanfare.dispatch.ledger;

import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;

/** The numbers outcomes and buckets have in the ledger; never reused for another meaning. */
final class LedgerCodes {

  private LedgerCodes() {}

  static short of(Outcome outcome) {
    return switch (outcome) {
      case SENT -> 1;
      case FAILED -> 2;
      case DEAD -> 3;
      case RETRYING -> 4;
      case RATE_LIMITED -> 5;
      case IN_DOUBT -> 6;
      case RETURNED -> 7;
      case SKIPPED -> 8;
      case CANCELLED -> 9;
      case FELL_BACK -> 10;
    };
  }

  static short of(Bucket bucket) {
    return switch (bucket) {
      case PENDING -> 1;
      case IN_FLIGHT -> 2;
      case RETRYING -> 3;
      case SENT -> 4;
      case FAILED -> 5;
      case DEAD -> 6;
      case IN_DOUBT -> 7;
      case SKIPPED -> 8;
      case CANCELLED -> 9;
      case FELL_BACK -> 10;
    };
  }

  static Outcome outcome(int code) {
    for (Outcome outcome : Outcome.values()) {
      if (of(outcome) == code) {
        return outcome;
      }
    }
    throw new IllegalStateException("no outcome has the code " + code);
  }

  static Bucket bucket(int code) {
    for (Bucket bucket : Bucket.values()) {
      if (of(bucket) == code) {
        return bucket;
      }
    }
    throw new IllegalStateException("no bucket has the code " + code);
  }
}
