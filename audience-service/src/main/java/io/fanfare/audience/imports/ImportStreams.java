package io.fanfare.audience.imports;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Progress of imports as server-sent events: {@code progress} twice a second while it changes, a
 * comment at least every ten seconds, and {@code end} when the import is over. A stream is closed
 * after half an hour.
 */
@Component
class ImportStreams implements SmartLifecycle {

  static final int MOST = 50;

  private static final Logger log = LoggerFactory.getLogger(ImportStreams.class);
  private static final Duration TICK = Duration.ofMillis(500);
  private static final Duration SILENCE = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(30);
  private static final long NO_TIMEOUT = 0;

  private final ImportRepository imports;
  private final Semaphore room = new Semaphore(MOST);
  private volatile CountDownLatch stopping = new CountDownLatch(1);
  private volatile boolean running;

  ImportStreams(ImportRepository imports) {
    this.imports = imports;
  }

  /**
   * Opens a stream.
   *
   * @throws ProblemException 404, or 503 {@code too_many_streams}
   */
  SseEmitter open(Identity who, UUID id) {
    ContactImport first =
        imports
            .find(who.tenant(), id)
            .orElseThrow(() -> ProblemException.notFound(ImportIntake.RESOURCE, id));
    if (!room.tryAcquire()) {
      throw ProblemException.unavailable(
          "too_many_streams", "too many progress streams are open; ask for the import instead");
    }
    SseEmitter emitter = new SseEmitter(NO_TIMEOUT);
    AtomicBoolean gone = new AtomicBoolean();
    emitter.onCompletion(() -> gone.set(true));
    emitter.onError(failure -> gone.set(true));
    Thread.ofVirtual()
        .name("contact-import-stream")
        .start(() -> stream(who, id, first, emitter, gone));
    return emitter;
  }

  private void stream(
      Identity who, UUID id, ContactImport first, SseEmitter emitter, AtomicBoolean gone) {
    try {
      Optional<ContactImport> next = Optional.of(first);
      @Nullable ContactImport shown = null;
      long opened = System.nanoTime();
      long lastSent = opened;
      while (next.isPresent() && !gone.get() && System.nanoTime() - opened < LONGEST.toNanos()) {
        ContactImport now = next.get();
        if (!now.equals(shown)) {
          send(emitter, now.isOver() ? "end" : "progress", now);
          shown = now;
          lastSent = System.nanoTime();
        } else if (System.nanoTime() - lastSent >= SILENCE.toNanos()) {
          emitter.send(SseEmitter.event().comment("still here"));
          lastSent = System.nanoTime();
        }
        if (now.isOver() || stopping.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
          break;
        }
        next = imports.find(who.tenant(), id);
      }
      emitter.complete();
    } catch (IOException | IllegalStateException e) {
      log.debug("a progress stream was left: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      room.release();
    }
  }

  private static void send(SseEmitter emitter, String name, ContactImport one) throws IOException {
    emitter.send(SseEmitter.event().name(name).data(one, MediaType.APPLICATION_JSON));
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
