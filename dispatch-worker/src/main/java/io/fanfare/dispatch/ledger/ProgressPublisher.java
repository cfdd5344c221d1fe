package io.fanfare.dispatch.ledger;

import io.fanfare.contract.Topics;
import io.fanfare.contract.delivery.DeliveryProgress;
import io.fanfare.support.kafka.EventProducer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes counters at most every 100 ms each, always the newest of each, and again when the
 * broker did not take them.
 */
final class ProgressPublisher {

  private static final Logger LOG = LoggerFactory.getLogger(ProgressPublisher.class);
  private static final long EVERY_NANOS = Duration.ofMillis(100).toNanos();

  private final EventProducer producer;
  private final Map<String, DeliveryProgress> waiting = new HashMap<>();
  private long lastNanos = System.nanoTime() - EVERY_NANOS;

  ProgressPublisher(EventProducer producer) {
    this.producer = producer;
  }

  synchronized void offer(List<DeliveryProgress> progress) {
    for (DeliveryProgress counters : progress) {
      waiting.merge(
          counters.key(),
          counters,
          (before, after) -> after.sequence() > before.sequence() ? after : before);
    }
  }

  /** Publishes what waits, if it is time; called every few milliseconds. */
  void publishDue(long nowNanos) {
    if (nowNanos - lastNanos >= EVERY_NANOS) {
      lastNanos = nowNanos;
      publishAll();
    }
  }

  private List<CompletableFuture<?>> publishAll() {
    List<DeliveryProgress> batch;
    synchronized (this) {
      if (waiting.isEmpty()) {
        return List.of();
      }
      batch = new ArrayList<>(waiting.values());
      waiting.clear();
    }
    List<CompletableFuture<?>> sends = new ArrayList<>(batch.size());
    for (DeliveryProgress counters : batch) {
      sends.add(
          producer
              .send(Topics.DELIVERY_PROGRESS, counters.key(), counters)
              .whenComplete((metadata, failure) -> again(counters, failure)));
    }
    return sends;
  }

  private void again(DeliveryProgress counters, @Nullable Throwable why) {
    if (why != null) {
      LOG.warn("progress {} is published again: {}", counters.key(), why.getMessage());
      offer(List.of(counters));
    }
  }

  /** Publishes the last counters; true when the broker has them. */
  boolean close() {
    List<CompletableFuture<?>> sends = publishAll();
    producer.flush();
    synchronized (this) {
      // What an earlier send lost waits here again.
      return waiting.isEmpty()
          && sends.stream().noneMatch(CompletableFuture::isCompletedExceptionally);
    }
  }
}
