package io.fanfare.dispatch.ledger;

import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.dispatch.database.DedicatedConnection;
import io.fanfare.dispatch.lease.Incarnation;
import io.fanfare.dispatch.lease.Lease;
import io.fanfare.dispatch.lease.LeaseKeeper;
import io.fanfare.dispatch.lease.LeaseLost;
import io.fanfare.support.kafka.EventProducer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records how commands ended, in batches, on one thread, and publishes what it recorded. What is
 * handed to it is recorded sooner or later, whatever happens to the database in between; only a
 * crash leaves it to a takeover.
 */
public final class Ledger {

  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
  private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

  private final LeaseKeeper leases;
  private final ResultWriter writer;
  private final EventPublisher events;
  private final ProgressPublisher progress;
  private final LedgerMetrics metrics;
  private final LedgerSettings settings;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<LedgerEntry> waiting = new ArrayDeque<>();
  private long firstWaitingNanos;

  private @Nullable Lease numbered;
  private long nextSequence;
  private long handled;
  private volatile boolean running = true;
  private volatile boolean abandoned;
  private volatile boolean died;
  private @Nullable Thread thread;

  public Ledger(
      DataSource dataSource,
      LeaseKeeper leases,
      LedgerDays days,
      EventProducer producer,
      LedgerMetrics metrics,
      LedgerSettings settings) {
    this.leases = leases;
    this.writer = new ResultWriter(dataSource, days, settings.faults().miscount());
    this.events = new EventPublisher(producer);
    this.progress = new ProgressPublisher(producer);
    this.metrics = metrics;
    this.settings = settings;
  }

  /**
   * @param fatal told when the thread dies of a bug
   */
  public void start(Thread.UncaughtExceptionHandler fatal) {
    thread =
        Thread.ofPlatform()
            .name("fanfare-ledger")
            .uncaughtExceptionHandler(fatal)
            .start(this::flushes);
  }

  /** Takes how a command ended; never blocks. Bounded by the commands a worker holds. */
  public void record(LedgerEntry entry) {
    lock.lock();
    try {
      if (waiting.isEmpty()) {
        firstWaitingNanos = System.nanoTime();
      }
      waiting.add(entry);
      if (waiting.size() == 1 || waiting.size() >= settings.batch()) {
        arrived.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** So many events wait for the broker that no further send should start. */
  public boolean overfull() {
    return events.backlog() > settings.maxUnpublished();
  }

  private void flushes() {
    boolean orderly = false;
    try {
      flushUntilClosed();
      orderly = true;
    } finally {
      died = !orderly;
    }
  }

  private void flushUntilClosed() {
    while (running || !waiting.isEmpty()) {
      List<LedgerEntry> batch = next();
      if (!batch.isEmpty()) {
        long start = System.nanoTime();
        write(batch);
        metrics.flushed(System.nanoTime() - start);
      }
      progress.publishDue(System.nanoTime());
      if (abandoned) {
        return;
      }
    }
  }

  /** Waits for a first entry, then a little for more; returns after 50 ms at the latest. */
  private List<LedgerEntry> next() {
    lock.lock();
    try {
      if (waiting.isEmpty() && running) {
        arrived.await(PAUSE_NANOS, TimeUnit.NANOSECONDS);
      }
      long rest = 1;
      while (running && !waiting.isEmpty() && waiting.size() < settings.batch() && rest > 0) {
        rest = settings.linger().toNanos() - (System.nanoTime() - firstWaitingNanos);
        if (rest > 0) {
          rest = arrived.awaitNanos(rest);
        }
      }
      List<LedgerEntry> batch = new ArrayList<>(Math.min(waiting.size(), settings.batch()));
      while (batch.size() < settings.batch() && !waiting.isEmpty()) {
        batch.add(waiting.remove());
      }
      firstWaitingNanos = System.nanoTime();
      return batch;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  private void write(List<LedgerEntry> batch) {
    List<LedgerEntry> kept = withoutDropped(batch);
    boolean written = false;
    while (!written && !abandoned) {
      Lease lease = leases.current();
      written = writeUnder(lease, ownOrLate(kept, lease.incarnation()));
    }
  }

  /**
   * An entry claimed by an incarnation that another worker has ended becomes a late answer.
   *
   * @param batch loses the entries of which nothing is to be recorded: when the writer is ended as
   *     well, they are not settled a second time
   */
  static List<LedgerEntry> ownOrLate(List<LedgerEntry> batch, Incarnation writer) {
    List<LedgerEntry> entries = new ArrayList<>(batch.size());
    for (Iterator<LedgerEntry> each = batch.iterator(); each.hasNext(); ) {
      LedgerEntry entry = each.next();
      LedgerEntry kept = entry.under(writer);
      if (kept == null) {
        each.remove();
        entry.completion().settled(entry, false);
      } else {
        entries.add(kept);
      }
    }
    return entries;
  }

  /** False when the lease was lost and the entries must be written under the next one. */
  private boolean writeUnder(Lease lease, List<LedgerEntry> entries) {
    if (entries.isEmpty()) {
      return true;
    }
    if (numbered != lease) {
      numbered = lease;
      nextSequence = 1;
    }
    long first = nextSequence;
    nextSequence += entries.size();
    long batch = lease.closedBatch();
    boolean repeated = false;
    while (!abandoned) {
      try {
        if (leases.current() != lease) {
          return false;
        }
        if (leases.fresh(lease)) {
          ResultWriter.Written written =
              writer.write(lease.incarnation(), first, batch, entries, repeated);
          settle(lease, first, entries, written);
          return true;
        }
      } catch (LeaseLost e) {
        replace(lease);
        return false;
      } catch (SQLException e) {
        DedicatedConnection.throwIfBug(e);
        LOG.warn("{} results wait for the database: {}", entries.size(), e.getMessage());
        repeated = true;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return true;
  }

  private void replace(Lease lost) {
    try {
      leases.replace(lost);
    } catch (SQLException e) {
      LOG.warn("no new incarnation yet: {}", e.getMessage());
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void settle(
      Lease lease, long first, List<LedgerEntry> entries, ResultWriter.Written written) {
    List<DeliveryEvent> published = new ArrayList<>(entries.size());
    List<ContactSignal> signals = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      LedgerEntry entry = entries.get(i);
      boolean recorded = written.recorded().get(i);
      if (recorded) {
        published.add(entry.event());
        ContactSignal signal = ShutOutPolicy.signal(entry);
        if (signal != null) {
          signals.add(signal);
        }
        metrics.recorded(entry);
      }
    }
    if (!published.isEmpty()) {
      // No further than what is recorded: a takeover numbers on from the last recorded row, and
      // what it records must not look published.
      events.publish(lease, first + written.recorded().length() - 1, published, signals);
    }
    progress.offer(written.progress());
    for (int i = 0; i < entries.size(); i++) {
      LedgerEntry entry = entries.get(i);
      entry.completion().settled(entry, written.recorded().get(i));
    }
  }

  private List<LedgerEntry> withoutDropped(List<LedgerEntry> batch) {
    int every = settings.faults().dropResultEvery();
    if (every == 0) {
      return batch;
    }
    List<LedgerEntry> kept = new ArrayList<>(batch.size());
    for (LedgerEntry entry : batch) {
      handled++;
      if (handled % every == 0) {
        entry.completion().settled(entry, true);
      } else {
        kept.add(entry);
      }
    }
    return kept;
  }

  /** False once its thread has died: what is handed to it is not recorded any more. */
  public boolean works() {
    return !died;
  }

  /** Records and publishes what it still has; true when the broker has all of it. */
  public boolean close() {
    running = false;
    join();
    writer.close();
    boolean progressed = progress.close();
    return events.close() && progressed && !died;
  }

  /** Stops and forgets what is not recorded yet, as a crash would. */
  public void abandon() {
    abandoned = true;
    running = false;
    join();
    writer.close();
  }

  private void join() {
    Thread flushing = thread;
    if (flushing != null) {
      LockSupport.unpark(flushing);
      try {
        flushing.join(Duration.ofSeconds(15));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
