package io.fanfare.dispatch.channel.email;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Closes the connections whose reads or writes passed their deadline. A blocking write has no
 * timeout of its own in Java, and a read's would start again with every byte.
 */
final class ConnectionWatchdog implements AutoCloseable {

  private static final Duration TICK = Duration.ofMillis(50);

  private final Set<SmtpConnection> watched = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService ticks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("smtp-watchdog").factory());

  /**
   * @param eachTick done with every look, every 50 ms; must not throw
   */
  ConnectionWatchdog(Runnable eachTick) {
    ticks.scheduleWithFixedDelay(
        () -> {
          long now = System.nanoTime();
          watched.forEach(connection -> connection.closeWhenOverdue(now));
          eachTick.run();
        },
        TICK.toMillis(),
        TICK.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  void watch(SmtpConnection connection) {
    watched.add(connection);
  }

  void forget(SmtpConnection connection) {
    watched.remove(connection);
  }

  /** Stops looking and closes every connection still watched. */
  @Override
  public void close() {
    ticks.shutdownNow();
    watched.forEach(SmtpConnection::close);
  }
}
