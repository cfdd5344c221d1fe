package io.fanfare.localstack.simulator.log;

import io.fanfare.localstack.simulator.fault.Fate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The figures of one broadcast on one channel: about 100 bytes a recipient. */
final class MarkerLog {

  private final Map<String, Recipient> recipients = new HashMap<>();
  private final Arrivals arrivals = new Arrivals();
  private final long[] tries = new long[Fate.values().length];
  private long limited;
  private long accepted;

  private static final class Recipient {
    private final long firstNanos;
    private long lastNanos;
    private int count = 1;

    private Recipient(long nanos) {
      firstNanos = nanos;
      lastNanos = nanos;
    }
  }

  synchronized void accept(String address, long epochNanos) {
    accepted++;
    arrivals.add(epochNanos);
    var known = recipients.get(address);
    if (known == null) {
      recipients.put(address, new Recipient(epochNanos));
    } else {
      known.count++;
      known.lastNanos = epochNanos;
    }
  }

  synchronized void tried(Fate fate) {
    tries[fate.ordinal()]++;
  }

  synchronized void limited() {
    limited++;
  }

  Arrivals arrivals() {
    return arrivals;
  }

  synchronized List<RecipientCount> recipients(int fromCount) {
    return recipients.entrySet().stream()
        .filter(entry -> entry.getValue().count >= fromCount)
        .map(entry ->
            new RecipientCount(
                entry.getKey(),
                entry.getValue().count,
                entry.getValue().firstNanos,
                entry.getValue().lastNanos))
        .toList();
  }

  synchronized MarkerReport report(MarkerKey key) {
    var times = arrivals.sorted();
    long attempts = limited;
    for (long count : tries) {
      attempts += count;
    }
    return new MarkerReport(
        key.channel().label(),
        key.marker(),
        accepted,
        recipients.size(),
        accepted - recipients.size(),
        attempts,
        tries[Fate.REFUSED.ordinal()] + tries[Fate.UNKNOWN.ordinal()],
        tries[Fate.DEFERRED.ordinal()] + tries[Fate.FAILED.ordinal()],
        limited,
        tries[Fate.DROPPED_BEFORE.ordinal()],
        tries[Fate.DROPPED_AFTER.ordinal()],
        times.length == 0 ? 0 : times[0],
        times.length == 0 ? 0 : times[times.length - 1],
        Arrivals.peakPerSecond(times));
  }
}
