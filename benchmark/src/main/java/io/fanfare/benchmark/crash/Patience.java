package io.fanfare.benchmark.crash;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits, for something or for a while, and never for ever. */
final class Patience {

  private static final Duration LOOK = Duration.ofMillis(100);

  private Patience() {}

  /** Lets time pass. */
  static void pass(Duration duration) {
    long until = System.nanoTime() + duration.toNanos();
    long rest = duration.toNanos();
    while (rest > 0) {
      LockSupport.parkNanos(rest);
      rest = until - System.nanoTime();
      if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("interrupted");
      }
    }
  }

  /**
   * Looks again and again.
   *
   * @param condition what fails is looked at again: the deployment is being broken
   * @return whether it came true in time
   */
  static boolean until(Duration patience, Callable<Boolean> condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    do {
      try {
        if (condition.call()) {
          return true;
        }
      } catch (Exception e) {
        // Looked at again.
      }
      pass(LOOK);
    } while (System.nanoTime() < deadline);
    return false;
  }

  /**
   * Tries until it works.
   *
   * @throws IllegalStateException with the last failure, when it did not work in time
   */
  static <T> T insist(String what, Duration patience, Callable<T> action) {
    long deadline = System.nanoTime() + patience.toNanos();
    @Nullable Exception last = null;
    do {
      try {
        return action.call();
      } catch (Exception e) {
        last = e;
      }
      pass(LOOK);
    } while (System.nanoTime() < deadline);
    throw new IllegalStateException(what + " failed for " + patience, last);
  }
}
