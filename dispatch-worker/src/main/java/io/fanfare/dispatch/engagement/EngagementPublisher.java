package io.fanfare.dispatch.engagement;

import io.fanfare.contract.Topics;
import io.fanfare.contract.contact.ContactPreference;
import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.contract.contact.ListConfirmed;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.support.kafka.EventProducer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    private final transient CompletableFuture<?> end;

    NotConfirmed(String message, CompletableFuture<?> end) {
      super(message);
      this.end = end;
    }

    NotConfirmed(String message, Throwable cause) {
      super(message, cause);
      this.end = CompletableFuture.failedFuture(cause);
    }

    /** Does something when it turns out that the broker never gets the events. */
    public void whenLost(Runnable action) {
      end.whenComplete((done, failure) -> {
        if (failure != null) {
          action.run();
        }
      });
    }
  }

  /** How long the broker is tried after nobody waits for its answer any more. */
  private static final int KEEP_TRYING_MS = 30_000;

  private static final int REQUEST_TIMEOUT_MS = 10_000;

  /** How long events wait for others to share a request to the broker. */
  private static final int LINGER_MS = 3;

  private final Duration confirm;
  private final EventProducer producer;
  private final Semaphore free;

  public EngagementPublisher(
      String bootstrapServers, String clientId, EngagementSettings settings) {
    this.confirm = settings.confirm();
    this.producer =
        new EventProducer(
            bootstrapServers,
            clientId,
            Map.of(
                ProducerConfig.LINGER_MS_CONFIG,
                LINGER_MS,
                // So few events share a batch that compressing costs more than it saves.
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "none",
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                (int) confirm.toMillis() / 4,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                KEEP_TRYING_MS,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                REQUEST_TIMEOUT_MS));
    this.free = new Semaphore(settings.maxInFlight());
    // The first reader after a start would wait for it in vain on a machine that is busy starting.
    producer.prepare(Topics.ENGAGEMENT_EVENTS);
  }

  /**
   * Publishes events; never blocks longer than a quarter of the time to confirm. What is not
   * confirmed in time is tried on for half a minute, as long as there is room.
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

  /** The same for what a contact chose. */
  public CompletableFuture<Void> publishPreference(ContactPreference chosen) {
    return publishAll(
        List.of(chosen), each -> producer.send(Topics.CONTACT_PREFERENCE, each.key(), each));
  }

  /** The same for a list that a contact confirmed. */
  public CompletableFuture<Void> publishConfirmation(ListConfirmed confirmed) {
    return publishAll(
        List.of(confirmed), each -> producer.send(Topics.CONTACT_PREFERENCE, each.key(), each));
  }

  private <E> CompletableFuture<Void> publishAll(
      List<E> events, Function<E, CompletableFuture<?>> send) {
    if (!free.tryAcquire(events.size())) {
      NotConfirmed refusal =
          new NotConfirmed(
              "too many events wait for the broker", new IllegalStateException("not published"));
      return CompletableFuture.failedFuture(refusal);
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
    CompletableFuture<Void> end =
        CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new))
            .whenComplete((done, failure) -> free.release(events.size()));
    return end.copy()
        .orTimeout(confirm.toMillis(), TimeUnit.MILLISECONDS)
        .handle((done, failure) -> {
          if (failure instanceof TimeoutException) {
            throw new NotConfirmed("the broker did not confirm in time", end);
          }
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
