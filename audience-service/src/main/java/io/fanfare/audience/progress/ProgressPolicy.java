package io.fanfare.audience.progress;

import io.fanfare.contract.delivery.DeliveryProgress.Counts;

/** Puts the ledger's counters and our own together. */
public final class ProgressPolicy {

  /** What this service has done with the recipients of one channel. */
  public record Own(
      long planned, long pending, long skipped, long cancelled, long handedOver, long putBack) {}

  private ProgressPolicy() {}

  /**
   * The counters of one channel. In flight is what was handed over and the ledger has not counted.
   * Counters of two workers arrive apart: one may tell that a retry was sent before the other tells
   * that it was needed. A bucket that is below zero for that moment is shown as zero, and its
   * recipients are left out where they were counted as too many: in flight, or where a third worker
   * counted them on their way.
   */
  public static Counters compose(Own own, Counts ledger) {
    long inFlight = own.handedOver() - own.putBack() - ledger.counted();
    Surplus surplus = new Surplus(ledger);
    inFlight -= surplus.in(inFlight);
    long retrying = above(ledger.retrying()) - surplus.in(ledger.retrying());
    long inDoubt = above(ledger.inDoubt()) - surplus.in(ledger.inDoubt());
    long dead = above(ledger.dead()) - surplus.in(ledger.dead());
    long failed = above(ledger.failed()) - surplus.in(ledger.failed());
    long skipped = above(ledger.skipped()) - surplus.in(ledger.skipped());
    long cancelled = above(ledger.cancelled()) - surplus.in(ledger.cancelled());
    long sent = above(ledger.sent()) - surplus.in(ledger.sent());
    return new Counters(
        own.planned(),
        own.pending(),
        inFlight,
        retrying,
        sent,
        failed,
        dead,
        inDoubt,
        own.skipped() + skipped,
        own.cancelled() + cancelled);
  }

  /** Recipients that are missing in one bucket and therefore counted twice among the others. */
  private static final class Surplus {

    private long left;

    Surplus(Counts ledger) {
      left =
          -below(ledger.retrying())
              - below(ledger.sent())
              - below(ledger.failed())
              - below(ledger.dead())
              - below(ledger.inDoubt())
              - below(ledger.skipped())
              - below(ledger.cancelled());
    }

    /** How many of them a bucket holds; asked in the order in which recipients move on. */
    long in(long count) {
      long found = Math.min(left, above(count));
      left -= found;
      return found;
    }
  }

  private static long below(long count) {
    return Math.min(0, count);
  }

  private static long above(long count) {
    return Math.max(0, count);
  }
}
