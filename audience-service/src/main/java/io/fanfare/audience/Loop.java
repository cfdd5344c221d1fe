package io.fanfare.audience;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.ConcurrencyFailureException;

/**
 * Runs a step over and over on a thread of its own, at once again while there is more to do and
 * after a pause else. A step that fails changed nothing and is tried again a little later.
 */
public abstract class Loop implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Loop.class);
  private static final Duration PAUSE_AFTER_ERROR = Duration.ofMillis(500);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  private final String name;
  private final Duration pause;
  private final BooleanSupplier step;
  private final Semaphore stopped = new Semaphore(0);
  private volatile @Nullable Thread thread;
  private volatile boolean running;

  /**
   * @param name of the thread
   * @param step answers whether there is more to do right now
   */
  protected Loop(String name, Duration pause, BooleanSupplier step) {
    this.name = name;
    this.pause = pause;
    this.step = step;
  }

  @Override
  public final void start() {
    running = true;
    stopped.drainPermits();
    thread = Thread.ofVirtual().name(name).start(this::run);
  }

  @Override
  public final void stop() {
    running = false;
    stopped.release();
    Thread looping = thread;
    if (looping != null) {
      try {
        looping.join(STOP_TIMEOUT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public final boolean isRunning() {
    return running;
  }

  private void run() {
    while (running) {
      if (!more()) {
        await(pause);
      }
    }
  }

  private boolean more() {
    try {
      return step.getAsBoolean();
    } catch (ConcurrencyFailureException e) {
      log.debug("{} lost a race, trying again: {}", name, e.toString());
    } catch (RuntimeException | Error e) {
      // An Error too: a thread that ended here in silence would stop its work for good.
      log.error("{} failed, trying again", name, e);
      await(PAUSE_AFTER_ERROR);
    }
    return false;
  }

  private void await(Duration time) {
    try {
      // Only stop() gives a permit.
      if (running && stopped.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
        running = false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running = false;
    }
  }
}
