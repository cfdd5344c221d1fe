package io.fanfare.retry.due;

import io.fanfare.contract.Topics;
import io.fanfare.contract.send.RetryDue;
import io.fanfare.retry.RetryProperties;
import io.fanfare.retry.broadcast.GlobalStopRepository;
import io.fanfare.retry.due.DueRepository.Announced;
import io.fanfare.retry.due.DueRepository.Due;
import io.fanfare.retry.due.DueRepository.Ready;
import io.fanfare.support.kafka.EventProducer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Announces the retries whose time has come, in batches, taking turns among the broadcasts. A retry
 * is marked only after the broker has its announcement: a crash repeats the batch, and the issue
 * number makes that harmless.
 */
@Component
class RetryAnnouncer {

  /** Retries of one broadcast announced in one transaction. */
  static final int BATCH = 500;

  private final DueRepository dueTable;
  private final GlobalStopRepository stops;
  private final EventProducer producer;
  private final TransactionTemplate transaction;
  private final RetryProperties properties;
  private final Clock clock;
  private final Counter announcedCount;

  RetryAnnouncer(
      DueRepository dueTable,
      GlobalStopRepository stops,
      EventProducer producer,
      TransactionTemplate transaction,
      RetryProperties properties,
      Clock clock,
      MeterRegistry meters) {
    this.dueTable = dueTable;
    this.stops = stops;
    this.producer = producer;
    this.transaction = transaction;
    this.properties = properties;
    this.clock = clock;
    this.announcedCount =
        Counter.builder("fanfare.retries.announced")
            .description("Due retries announced, repeated announcements included")
            .register(meters);
  }

  /**
   * Announces up to {@link #BATCH} retries of every broadcast that has some due; none while all
   * sending is stopped.
   *
   * @return whether there may be more
   */
  boolean announceDue() {
    if (stops.isOn()) {
      return false;
    }
    Instant now = clock.instant();
    boolean more = false;
    for (Ready ready : dueTable.ready(now)) {
      Integer announced = transaction.execute(status -> announceBatch(ready, now));
      int count = announced == null ? 0 : announced;
      announcedCount.increment(count);
      more |= count == BATCH;
    }
    return more;
  }

  private int announceBatch(Ready ready, Instant now) {
    if (ready.ended()) {
      dueTable.forgetDoubts(ready.broadcastId());
    }
    List<Due> due = dueTable.lockDue(ready, now, BATCH);
    if (due.isEmpty()) {
      return 0;
    }
    CompletableFuture<?>[] acknowledgements =
        due.stream().map(one -> publish(one.retry())).toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(acknowledgements).join();
    List<Announced> announced =
        due.stream().map(one -> new Announced(one.retry().recipient(), againAt(one, now))).toList();
    dueTable.announced(ready.broadcastId(), announced, now);
    return due.size();
  }

  private CompletableFuture<?> publish(Retry retry) {
    RetryDue announcement = retry.announcement();
    return producer.send(Topics.DELIVERY_RETRY_DUE, announcement.lane().key(), announcement);
  }

  private Instant againAt(Due due, Instant now) {
    return now.plus(
        BackoffPolicy.untilNextAnnouncement(
            properties.announceAgainAfter(),
            properties.announceAgainAtMostAfter(),
            due.announcements()));
  }
}
