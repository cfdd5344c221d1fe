package io.fanfare.dispatch.engagement;

import io.fanfare.contract.Topics;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.support.kafka.EventProducer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Publishes what recipients did. An event counts as accepted once the broker has acknowledged it;
 * events that come together share its batches.
 */
public final class EngagementPublisher implements AutoCloseable {

  /** Events that wait for the broker; more are refused. */
  public static final int MOST_WAITING = 20_000;

  /** Too many events wait for the broker. */
  public static final class Overloaded extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Overloaded() {
      super("too many events wait for the broker", null, false, false);
    }
  }

  private final EventProducer producer;
  private final Duration patience;
  private final Semaphore room;

  /**
   * @param producer its own, whose {@code send} waits no longer than {@code patience} either
   * @param patience how long the broker may take
   * @param mostWaiting events that may wait for it
   */
  EngagementPublisher(EventProducer producer, Duration patience, int mostWaiting) {
    this.producer = producer;
    this.patience = patience;
    this.room = new Semaphore(mostWaiting);
  }

  /**
   * Publishes events.
   *
   * @return done when the broker has all of them. Fails with {@link Overloaded} when none was taken
   *     because too many wait, with a timeout when the broker took too long: it may have them then
   */
  public CompletableFuture<Void> publish(List<EngagementEvent> events) {
    if (!room.tryAcquire(events.size())) {
      return CompletableFuture.failedFuture(new Overloaded());
    }
    CompletableFuture<?>[] sent =
        events.stream()
            .map(event ->
                producer
                    .send(Topics.ENGAGEMENT_EVENTS, Long.toString(event.contactId()), event)
                    .whenComplete((at, failure) -> room.release()))
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(sent).orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    producer.close();
  }
}
