package io.fanfare.broadcast.broadcast.progress;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Live progress as server-sent events: {@code progress} twice a second while it changes, a comment
 * at least every ten seconds, and {@code end} when the broadcast is over. A stream is closed after
 * half an hour. At most {@code FANFARE_PROGRESS_STREAMS} (default 200) at once in one instance.
 */
@Component
class ProgressStreams implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(ProgressStreams.class);

  private static final Duration TICK = Duration.ofMillis(500);
  private static final Duration SILENCE = Duration.ofSeconds(10);
  private static final long NO_TIMEOUT = 0;

  /** Watchers come back by themselves, and show a key that is still good when they do. */
  private static final Duration LONGEST = Duration.ofMinutes(30);

  private final ProgressReader reader;
  private final Semaphore room;
  private volatile CountDownLatch stopping = new CountDownLatch(1);
  private volatile boolean running;

  ProgressStreams(
      ProgressReader reader,
      @Value("${FANFARE_PROGRESS_STREAMS:200}") int maxStreams,
      MeterRegistry metrics) {
    this.reader = reader;
    this.room = new Semaphore(maxStreams);
    Gauge.builder("fanfare_progress_streams", room, free -> maxStreams - free.availablePermits())
        .description("Live progress streams open now")
        .register(metrics);
  }

  /**
   * Opens a stream.
   *
   * @throws ProblemException 404 and 502 as for the progress itself, 503 {@code too_many_streams}
   */
  SseEmitter open(Identity who, UUID broadcastId) {
    if (!room.tryAcquire()) {
      throw ProblemException.unavailable(
          "too_many_streams", "too many progress streams are open; ask for the progress instead");
    }
    boolean opened = false;
    try {
      BroadcastProgress first = reader.progress(who, broadcastId);
      SseEmitter emitter = new SseEmitter(NO_TIMEOUT);
      AtomicBoolean gone = new AtomicBoolean();
      emitter.onCompletion(() -> gone.set(true));
      emitter.onError(failure -> gone.set(true));
      Thread.ofVirtual()
          .name("progress-stream")
          .start(() -> stream(who, broadcastId, first, emitter, gone));
      opened = true;
      return emitter;
    } finally {
      if (!opened) {
        room.release();
      }
    }
  }

  private void stream(
      Identity who,
      UUID broadcastId,
      BroadcastProgress first,
      SseEmitter emitter,
      AtomicBoolean gone) {
    try {
      @Nullable BroadcastProgress next = first;
      @Nullable BroadcastProgress shown = null;
      long opened = System.nanoTime();
      long lastSent = opened;
      do {
        if (next != null && !next.equals(shown)) {
          send(emitter, "progress", next);
          shown = next;
          lastSent = System.nanoTime();
        } else if (System.nanoTime() - lastSent >= SILENCE.toNanos()) {
          emitter.send(SseEmitter.event().comment("still here"));
          lastSent = System.nanoTime();
        }
        if (next != null && next.isOver()) {
          send(emitter, "end", next);
          break;
        }
        if (stopping.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
          break;
        }
        next = readAgain(who, broadcastId);
      } while (!gone.get() && System.nanoTime() - opened < LONGEST.toNanos());
      emitter.complete();
    } catch (IOException | IllegalStateException e) {
      // The watcher has gone. The server knows, and has ended the request already.
      log.debug("a progress stream was left: {}", e.getMessage());
    } catch (ProblemException e) {
      emitter.complete();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      room.release();
    }
  }

  /** Null while audience-service does not answer: the stream waits for it to come back. */
  private @Nullable BroadcastProgress readAgain(Identity who, UUID broadcastId) {
    try {
      return reader.progress(who, broadcastId);
    } catch (ProblemException e) {
      if (e.status() == HttpStatus.BAD_GATEWAY) {
        return null;
      }
      throw e;
    }
  }

  private static void send(SseEmitter emitter, String name, BroadcastProgress progress)
      throws IOException {
    emitter.send(SseEmitter.event().name(name).data(progress, MediaType.APPLICATION_JSON));
  }

  @Override
  public void start() {
    stopping = new CountDownLatch(1);
    running = true;
  }

  /** Before the web server waits for its requests to end: streams would not end by themselves. */
  @Override
  public void stop() {
    running = false;
    stopping.countDown();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
