package io.fanfare.dispatch.ledger;

import io.fanfare.contract.Topic;
import io.fanfare.contract.Topics;
import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.dispatch.lease.Lease;
import io.fanfare.support.kafka.EventProducer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what the ledger has committed, in the order of its sequence, and knows up to where the
 * broker has everything. What the broker does not acknowledge is published again.
 */
final class EventPublisher {

  private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);

  /**
   * Producer callbacks run on the producer's own thread, which must not wait for itself; and what a
   * broker refuses at once is not to be tried a thousand times a second.
   */
  private static final Executor APART =
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS, Thread::startVirtualThread);

  private record Pending(Lease lease, long upTo, CompletableFuture<Void> acknowledged) {}

  private final EventProducer producer;
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private final AtomicInteger backlog = new AtomicInteger();
  private volatile boolean closed;

  EventPublisher(EventProducer producer) {
    this.producer = producer;
  }

  /**
   * Publishes events of one transaction.
   *
   * @param upTo the highest sequence the transaction recorded
   * @param signals what some of its ends tell of their addresses
   */
  void publish(Lease lease, long upTo, List<DeliveryEvent> events, List<ContactSignal> signals) {
    List<CompletableFuture<?>> sends = new ArrayList<>(events.size());
    backlog.addAndGet(events.size() + signals.size());
    for (DeliveryEvent event : events) {
      sends.add(send(Topics.DELIVERY_EVENTS, Long.toString(event.contactId()), event));
    }
    for (ContactSignal signal : signals) {
      sends.add(send(Topics.CONTACT_SIGNAL, signal.key(), signal));
    }
    CompletableFuture<Void> all = CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new));
    synchronized (pending) {
      pending.add(new Pending(lease, upTo, all));
    }
    all.whenComplete((done, failure) -> advance());
  }

  private CompletableFuture<?> send(Topic topic, String key, Record event) {
    return producer
        .send(topic, key, event)
        .thenRun(backlog::decrementAndGet)
        .exceptionallyComposeAsync(
            failure -> {
              if (closed) {
                return CompletableFuture.failedFuture(failure);
              }
              LOG.warn("an event of {} is published again: {}", topic.name(), failure.getMessage());
              return send(topic, key, event).thenRun(() -> {});
            },
            APART);
  }

  private void advance() {
    synchronized (pending) {
      while (!pending.isEmpty()) {
        Pending head = pending.element();
        if (!head.acknowledged().isDone() || head.acknowledged().isCompletedExceptionally()) {
          return;
        }
        head.lease().publishedUpTo(head.upTo());
        pending.remove();
      }
    }
  }

  /** Events the broker has not acknowledged yet. */
  int backlog() {
    return backlog.get();
  }

  /** Waits for the broker; true when it has everything. */
  boolean close() {
    producer.flush();
    closed = true;
    advance();
    synchronized (pending) {
      return pending.isEmpty();
    }
  }
}
