package io.fanfare.audience.progress;

import io.fanfare.contract.delivery.DeliveryProgress.Counts;

/** Puts the ledger's counters and our own together. */
final class ProgressPolicy {

  /** What this service has done with the recipients of one channel. */
  record Own(
      long planned, long pending, long skipped, long cancelled, long handedOver, long putBack) {}

  private ProgressPolicy() {}

  /**
   * The counters of one channel. In flight is what was handed over and the ledger has not counted.
   * Counters of two workers arrive apart: one may tell that a retry was sent before the other tells
   * that it was needed. A bucket that is below zero for that moment is shown as zero, and its
   * recipients as in flight less, which they were counted as too many.
   */
  static Counters compose(Own own, Counts ledger) {
    long inFlight = own.handedOver() - own.putBack() - ledger.counted();
    inFlight += below(ledger.retrying()) + below(ledger.sent()) + below(ledger.failed());
    inFlight += below(ledger.dead()) + below(ledger.inDoubt());
    inFlight += below(ledger.skipped()) + below(ledger.cancelled());
    return new Counters(
        own.planned(),
        own.pending(),
        inFlight,
        above(ledger.retrying()),
        above(ledger.sent()),
        above(ledger.failed()),
        above(ledger.dead()),
        above(ledger.inDoubt()),
        own.skipped() + above(ledger.skipped()),
        own.cancelled() + above(ledger.cancelled()));
  }

  private static long below(long count) {
    return Math.min(0, count);
  }

  private static long above(long count) {
    return Math.max(0, count);
  }
}
