package io.fanfare.dispatch.engagement;

import io.fanfare.contract.Topics;
import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.support.kafka.EventProducer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Publishes engagement events. An event is accepted when the future completes: the broker has it
 * then. One that fails may still arrive; readers know events by their id.
 */
public final class EngagementPublisher implements AutoCloseable {

  /** The broker did not confirm the events in time, or too many wait for it already. */
  public static final class NotConfirmed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotConfirmed(String message) {
      super(message);
    }

    NotConfirmed(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** How long events wait for others to share a request to the broker. */
  private static final int LINGER_MS = 3;

  private final EventProducer producer;
  private final Semaphore free;

  public EngagementPublisher(
      String bootstrapServers, String clientId, EngagementSettings settings) {
    int confirm = (int) settings.confirm().toMillis();
    this.producer =
        new EventProducer(
            bootstrapServers,
            clientId,
            Map.of(
                ProducerConfig.LINGER_MS_CONFIG,
                LINGER_MS,
                // Both together are what a caller waits at most.
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                confirm / 4,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                confirm - confirm / 4,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                confirm - confirm / 4 - LINGER_MS));
    this.free = new Semaphore(settings.maxInFlight());
  }

  /**
   * Publishes events; never blocks longer than a quarter of the time to confirm.
   *
   * @return completes when the broker has all of them; fails with {@link NotConfirmed} when it does
   *     not confirm in time, or at once, with nothing published, when too many are under way
   *     already
   */
  public CompletableFuture<Void> publish(List<EngagementEvent> events) {
    return publishAll(
        events,
        event -> producer.send(Topics.ENGAGEMENT_EVENTS, Long.toString(event.contactId()), event));
  }

  /** The same for what people said about being written to. */
  public CompletableFuture<Void> publishSignals(List<ContactSignal> signals) {
    return publishAll(
        signals, signal -> producer.send(Topics.CONTACT_SIGNAL, signal.key(), signal));
  }

  private <E> CompletableFuture<Void> publishAll(
      List<E> events, Function<E, CompletableFuture<?>> send) {
    if (!free.tryAcquire(events.size())) {
      return CompletableFuture.failedFuture(
          new NotConfirmed("too many events wait for the broker"));
    }
    List<CompletableFuture<?>> sends = new ArrayList<>(events.size());
    for (E event : events) {
      CompletableFuture<?> sent = send.apply(event);
      sends.add(sent);
      if (sent.isCompletedExceptionally()) {
        // It waited for the broker in vain, and so would each of the rest.
        break;
      }
    }
    return CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new))
        .handle((done, failure) -> {
          free.release(events.size());
          if (failure != null) {
            throw new NotConfirmed("the broker did not confirm in time", failure);
          }
          return done;
        });
  }

  @Override
  public void close() {
    producer.close();
  }
}
