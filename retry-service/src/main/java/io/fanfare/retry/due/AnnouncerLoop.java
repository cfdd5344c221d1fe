package io.fanfare.retry.due;

import io.fanfare.retry.RetryProperties;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Lets the announcer look at the due table again and again, at once while there is more. */
@Component
final class AnnouncerLoop implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(AnnouncerLoop.class);
  private static final long AFTER_ERROR_MS = 1_000;
  private static final long STOP_TIMEOUT_MS = 20_000;

  private final RetryAnnouncer announcer;
  private final RetryProperties properties;
  private final ApplicationEventPublisher events;
  private final Semaphore stopping = new Semaphore(0);
  private volatile @Nullable Thread thread;
  private volatile boolean running;

  AnnouncerLoop(
      RetryAnnouncer announcer, RetryProperties properties, ApplicationEventPublisher events) {
    this.announcer = announcer;
    this.properties = properties;
    this.events = events;
  }

  @Override
  public void start() {
    running = true;
    thread = Thread.ofVirtual().name("retry-announcer").start(this::run);
  }

  @Override
  public void stop() {
    running = false;
    stopping.release();
    Thread announcing = thread;
    if (announcing != null) {
      try {
        announcing.join(STOP_TIMEOUT_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void run() {
    try {
      while (running) {
        step();
      }
    } catch (RuntimeException bug) {
      log.error("announcing has stopped; this instance must be started again", bug);
      AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
    }
  }

  private void step() {
    try {
      if (!announcer.announceDue()) {
        pause(properties.announceInterval().toMillis());
      }
    } catch (DataAccessException | TransactionException | KafkaException | CompletionException e) {
      // The database or the broker is away: what is due stays due.
      log.warn("retries not announced, trying again: {}", e.toString());
      pause(AFTER_ERROR_MS);
    }
  }

  private void pause(long milliseconds) {
    try {
      stopping.tryAcquire(milliseconds, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running = false;
    }
  }
}
