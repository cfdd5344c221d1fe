package io.fanfare.audience.progress;

import io.fanfare.contract.delivery.DeliveryProgress.Counts;

/** Puts the ledger's counters and our own together. */
public final class ProgressPolicy {

  /**
   * What this service has done with the recipients of one channel.
   *
   * @param fellBack those of the ledger's fall backs that are planned on the next channel by now
   */
  public record Own(
      long planned,
      long pending,
      long skipped,
      long cancelled,
      long handedOver,
      long putBack,
      long fellBack) {

    /** Without a fall back. */
    public Own(
        long planned, long pending, long skipped, long cancelled, long handedOver, long putBack) {
      this(planned, pending, skipped, cancelled, handedOver, putBack, 0);
    }
  }

  private ProgressPolicy() {}

  /**
   * The counters of one channel. In flight is what was handed over and the ledger has not counted.
   * Counters of two workers arrive apart: one may tell that a retry was sent before the other tells
   * that it was needed. A bucket that is below zero for that moment is shown as zero, and its
   * recipients are left out where they were counted as too many: in flight, or where a third worker
   * counted them on their way.
   *
   * <p>A recipient that fell back is in flight until it is planned on the next channel. That may be
   * known here before the ledger's counters tell that it left the bucket it was in.
   */
  public static Counters compose(Own own, Counts ledger) {
    long ends = ledger.counted() - ledger.fallenBack();
    long remainder = own.handedOver() - own.putBack() - own.fellBack() - ends;
    long untold = above(own.fellBack() - ledger.fallenBack());
    long elsewhere = Math.min(untold, -below(remainder));
    Surplus surplus = new Surplus(ledger, elsewhere);
    long inFlight = remainder + elsewhere;
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
        own.cancelled() + cancelled,
        own.fellBack());
  }

  /** Recipients that are missing in one bucket and therefore counted twice among the others. */
  private static final class Surplus {

    private long left;

    Surplus(Counts ledger, long elsewhere) {
      left =
          elsewhere
              - below(ledger.retrying())
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
