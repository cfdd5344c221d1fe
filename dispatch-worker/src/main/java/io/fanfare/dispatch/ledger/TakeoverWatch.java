package io.fanfare.dispatch.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds incarnations whose lease has not moved for a full period of this worker's own clock. A gap
 * in watching, such as an outage of the database or a pause of this process, starts every period
 * anew: it stops the others from renewing as well.
 */
public final class TakeoverWatch {

  /** How far an incarnation's renewals have come. */
  public record Observed(long number, long renewed) {}

  private record Seen(long renewed, long sinceNanos) {}

  private final long periodNanos;
  private final long gapNanos;
  private Map<Long, Seen> seen = new HashMap<>();
  private long lastNanos;
  private boolean watching;

  /**
   * @param period how long a lease must stand still
   * @param gap the longest pause between two looks that still counts as watching
   */
  public TakeoverWatch(Duration period, Duration gap) {
    periodNanos = period.toNanos();
    gapNanos = gap.toNanos();
  }

  /**
   * @param living the leases of all other incarnations that have not ended
   * @param nowNanos monotonic
   * @return those to take over
   */
  public List<Observed> observe(List<Observed> living, long nowNanos) {
    if (!watching || nowNanos - lastNanos > gapNanos) {
      seen.clear();
    }
    watching = true;
    lastNanos = nowNanos;
    Map<Long, Seen> next = new HashMap<>();
    List<Observed> expired = new ArrayList<>();
    for (Observed lease : living) {
      Seen before = seen.get(lease.number());
      if (before == null || before.renewed() != lease.renewed()) {
        next.put(lease.number(), new Seen(lease.renewed(), nowNanos));
      } else {
        next.put(lease.number(), before);
        if (nowNanos - before.sinceNanos() >= periodNanos) {
          expired.add(lease);
        }
      }
    }
    seen = next;
    return expired;
  }

  /** The last look failed. */
  void interrupted() {
    watching = false;
  }
}
