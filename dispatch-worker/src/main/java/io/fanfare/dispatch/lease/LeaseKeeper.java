package io.fanfare.dispatch.lease;

import io.fanfare.dispatch.database.DedicatedConnection;
import io.fanfare.support.Ids;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this worker's lease: renews it, says whether it is fresh enough to write under, and begins
 * a new incarnation when another worker has ended the present one.
 */
public final class LeaseKeeper {

  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
  private static final long RETRY_NANOS = Duration.ofMillis(200).toNanos();
  private static final long FIRST_PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

  private final DedicatedConnection connection;
  private final String worker;
  private final Duration renewEvery;
  private final long fenceNanos;
  private volatile @Nullable Lease lease;
  private volatile boolean running;
  private @Nullable Thread thread;

  /**
   * @param worker the worker's name, for people
   * @param renewEvery how often the lease is renewed
   * @param fence how long after the last renewal began this worker stops writing; shorter than what
   *     others wait before they take over
   */
  public LeaseKeeper(DataSource dataSource, String worker, Duration renewEvery, Duration fence) {
    this.connection = DedicatedConnection.impatient(dataSource);
    this.worker = worker;
    this.renewEvery = renewEvery;
    this.fenceNanos = fence.toNanos();
  }

  /** Begins the first incarnation and its renewals. */
  public void start(Thread.UncaughtExceptionHandler fatal) throws SQLException {
    beginFirst();
    running = true;
    thread =
        Thread.ofPlatform()
            .name("fanfare-lease")
            .uncaughtExceptionHandler(fatal)
            .start(this::renewals);
  }

  /** Patient, unlike the renewals: a pool and a database that start take their time. */
  private void beginFirst() throws SQLException {
    long started = System.nanoTime();
    while (true) {
      try {
        begin();
        return;
      } catch (SQLException e) {
        if (System.nanoTime() - started > FIRST_PATIENCE_NANOS) {
          throw e;
        }
        LOG.warn("no incarnation yet: {}", e.getMessage());
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  /** The present incarnation's lease. */
  public Lease current() {
    Lease held = lease;
    if (held == null) {
      throw new IllegalStateException("no incarnation has begun");
    }
    return held;
  }

  /** True while claims and results may be written and sends may start under the lease. */
  public boolean fresh(Lease held) {
    return held.age(System.nanoTime()) < fenceNanos;
  }

  /** Another worker has ended this lease's incarnation: begins another one, once. */
  public synchronized void replace(Lease ended) throws SQLException {
    ended.lose();
    if (lease == ended) {
      LOG.warn(
          "incarnation {} was taken over by another worker; beginning another one",
          ended.incarnation().number());
      begin();
    }
  }

  private synchronized void begin() throws SQLException {
    long now = System.nanoTime();
    Incarnation incarnation =
        connection.transaction(open -> LeaseRepository.begin(open, Ids.next(), worker));
    lease = new Lease(incarnation, now);
    LOG.info("{} is incarnation {}", worker, incarnation.number());
  }

  private void renewals() {
    while (running) {
      long before = System.nanoTime();
      boolean done = renew(before);
      long rest = (done ? renewEvery.toNanos() : RETRY_NANOS) - (System.nanoTime() - before);
      if (rest > 0) {
        LockSupport.parkNanos(rest);
      }
    }
  }

  private synchronized boolean renew(long before) {
    Lease held = current();
    try {
      if (connection.call(open -> LeaseRepository.renew(open, held))) {
        held.renewed(before);
      } else {
        replace(held);
      }
      return true;
    } catch (SQLException e) {
      LOG.warn("the lease was not renewed: {}", e.getMessage());
      return false;
    }
  }

  /**
   * Ends the incarnation in good order.
   *
   * @param settled everything of it is published; else another worker does that
   */
  public void end(boolean settled) {
    halt();
    Lease held = current();
    try {
      connection.call(open -> {
        LeaseRepository.renew(open, held);
        LeaseRepository.end(open, held.incarnation(), settled);
        return held;
      });
    } catch (SQLException e) {
      LOG.warn("the lease was not ended, another worker will do it: {}", e.getMessage());
    } finally {
      connection.close();
    }
  }

  /** Stops renewing and leaves the rest to others, as a crash would. */
  public void abandon() {
    halt();
    connection.close();
  }

  private void halt() {
    running = false;
    Thread renewing = thread;
    if (renewing != null) {
      LockSupport.unpark(renewing);
      try {
        renewing.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
