package io.fanfare.dispatch;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The bounds of a pool: what one broadcast may take of a worker.
 *
 * @param maxWorkers sends of one broadcast at once, at least 1; {@code
 *     BROADCAST_MAX_WORKERS_PER_POOL}. A worker has no more than {@code max-in-flight} in all.
 * @param queueSize commands of one broadcast that wait in the window, at least 1; {@code
 *     BROADCAST_WORKER_QUEUE_SIZE}
 * @param cleanup after how long without a command a pool is forgotten; {@code
 *     BROADCAST_POOL_CLEANUP_MINUTES}
 * @param progressLog how often the log says what each pool does; {@code
 *     BROADCAST_PROGRESS_LOG_SECONDS}
 */
public record PoolSettings(
    @DefaultValue("3000") int maxWorkers,
    @DefaultValue("1000") int queueSize,
    @DefaultValue("5m") Duration cleanup,
    @DefaultValue("30s") Duration progressLog) {

  /** The defaults. */
  public static final PoolSettings DEFAULTS =
      new PoolSettings(3_000, 1_000, Duration.ofMinutes(5), Duration.ofSeconds(30));

  public PoolSettings {
    if (maxWorkers < 1 || queueSize < 1 || !cleanup.isPositive() || !progressLog.isPositive()) {
      throw new IllegalArgumentException("the bounds of a pool are at least 1");
    }
  }
}
