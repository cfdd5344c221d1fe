package io.fanfare.dispatch.lease;

import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What this worker holds while it lives one incarnation: the right to write, the numbers of its
 * claim batches, and how far it has come. Used by many threads.
 */
public final class Lease {

  private final Incarnation incarnation;
  private final TreeMap<Long, Integer> openByBatch = new TreeMap<>();
  private final AtomicLong publishedUpTo = new AtomicLong();
  private long lastBatch;
  private volatile long renewedNanos;
  private volatile boolean lost;

  Lease(Incarnation incarnation, long renewedNanos) {
    this.incarnation = incarnation;
    this.renewedNanos = renewedNanos;
  }

  public Incarnation incarnation() {
    return incarnation;
  }

  /** Numbers a batch of claims that stay open until {@link #closed}. */
  public synchronized long openBatch(int claims) {
    lastBatch++;
    openByBatch.put(lastBatch, claims);
    return lastBatch;
  }

  /** Numbers a batch whose claims and results are one transaction. */
  public synchronized long closedBatch() {
    return ++lastBatch;
  }

  /** Some claims of a batch have their results, or were none of ours. */
  public synchronized void closed(long batch, int claims) {
    openByBatch.computeIfPresent(batch, (key, open) -> open <= claims ? null : open - claims);
  }

  /** No claim of a batch below this one is open. */
  synchronized long openFromBatch() {
    return openByBatch.isEmpty() ? lastBatch + 1 : openByBatch.firstKey();
  }

  /** Events of results up to this sequence are acknowledged by the broker. */
  public void publishedUpTo(long sequence) {
    publishedUpTo.accumulateAndGet(sequence, Math::max);
  }

  long publishedUpTo() {
    return publishedUpTo.get();
  }

  void renewed(long nanos) {
    renewedNanos = nanos;
  }

  void lose() {
    lost = true;
  }

  /** Nanoseconds since the last renewal began; huge once the lease is lost. */
  long age(long nowNanos) {
    return lost ? Long.MAX_VALUE : nowNanos - renewedNanos;
  }
}
