package io.fanfare.dispatch.ledger;

import io.fanfare.dispatch.database.DedicatedConnection;
import io.fanfare.dispatch.lease.Incarnation;
import io.fanfare.dispatch.lease.LeaseKeeper;
import io.fanfare.support.kafka.EventProducer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the leases of the other workers, takes over those that stand still, and settles ended
 * incarnations that nobody settles. Every worker does this; the first one wins.
 */
public final class TakeoverLoop {

  private static final Logger LOG = LoggerFactory.getLogger(TakeoverLoop.class);

  private static final String LIVING =
      """
      select i.number, l.renewed from incarnation i join lease l on l.incarnation = i.number
      where i.settled_at is null and i.ended_at is null and i.number <> ?
      """;

  /** Ended, not settled, and whoever ended them has ended too or is this worker. */
  private static final String ADOPT =
      """
      update incarnation i set ended_by = ?
      where i.settled_at is null and i.ended_at is not null and (i.ended_by = ? or exists (
        select 1 from incarnation t where t.number = i.ended_by and t.ended_at is not null))
      returning i.number
      """;

  private final DedicatedConnection connection;
  private final LeaseKeeper leases;
  private final LedgerDays days;
  private final Settlement settlement;
  private final LedgerMetrics metrics;
  private final Clock clock;
  private final TakeoverWatch watch;
  private final Duration interval;
  private volatile boolean running = true;
  private @Nullable Thread thread;

  /**
   * @param takeoverAfter how long a lease must stand still; every look is a sixth of it
   */
  public TakeoverLoop(
      DataSource dataSource,
      LeaseKeeper leases,
      LedgerDays days,
      EventProducer producer,
      LedgerMetrics metrics,
      Clock clock,
      Duration takeoverAfter) {
    this.connection = new DedicatedConnection(dataSource);
    this.leases = leases;
    this.days = days;
    this.settlement = new Settlement(producer);
    this.metrics = metrics;
    this.clock = clock;
    this.interval = takeoverAfter.dividedBy(6);
    this.watch = new TakeoverWatch(takeoverAfter, takeoverAfter.dividedBy(2));
  }

  /** Looks at the ledger's floor and begins to watch. */
  public void start(Thread.UncaughtExceptionHandler fatal) throws SQLException {
    connection.call(open -> {
      days.lookAtFloor(open);
      return open;
    });
    thread =
        Thread.ofPlatform()
            .name("fanfare-takeover")
            .uncaughtExceptionHandler(fatal)
            .start(this::looks);
  }

  private void looks() {
    while (running) {
      try {
        look();
      } catch (SQLException e) {
        watch.interrupted();
        LOG.warn("watching the other workers failed: {}", e.getMessage());
      }
      LockSupport.parkNanos(interval.toNanos());
    }
  }

  private void look() throws SQLException {
    Incarnation own = leases.current().incarnation();
    List<TakeoverWatch.Observed> living = connection.call(open -> living(open, own));
    for (TakeoverWatch.Observed dead : watch.observe(living, System.nanoTime())) {
      takeOver(dead);
    }
    for (long number : connection.call(open -> adopt(open, own))) {
      settle(number);
    }
    connection.call(open -> {
      days.lookAtFloor(open);
      days.analyse(open);
      return open;
    });
  }

  /** One that cannot be settled yet is tried again at the next look; the watching goes on. */
  private void settle(long number) {
    LOG.info("settling incarnation {}", number);
    try {
      connection.transaction(open -> {
        settlement.run(open, number);
        return number;
      });
    } catch (SQLException | CompletionException e) {
      LOG.warn("incarnation {} is not settled yet: {}", number, e.getMessage());
    }
  }

  /** Ends an incarnation whose lease was seen standing still. */
  void takeOver(TakeoverWatch.Observed dead) throws SQLException {
    Incarnation own = leases.current().incarnation();
    int inDoubt = connection.transaction(open -> Takeover.run(open, own, dead, clock.instant()));
    if (inDoubt >= 0) {
      LOG.warn("took over incarnation {}: {} sends are in doubt", dead.number(), inDoubt);
      metrics.takenOver(inDoubt);
    }
  }

  private static List<TakeoverWatch.Observed> living(Connection open, Incarnation own)
      throws SQLException {
    List<TakeoverWatch.Observed> living = new ArrayList<>();
    try (PreparedStatement statement = open.prepareStatement(LIVING)) {
      statement.setLong(1, own.number());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          living.add(new TakeoverWatch.Observed(row.getLong(1), row.getLong(2)));
        }
      }
    }
    return living;
  }

  private static List<Long> adopt(Connection open, Incarnation own) throws SQLException {
    List<Long> adopted = new ArrayList<>();
    try (PreparedStatement statement = open.prepareStatement(ADOPT)) {
      statement.setLong(1, own.number());
      statement.setLong(2, own.number());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          adopted.add(row.getLong(1));
        }
      }
    }
    return adopted;
  }

  /** Stops watching. */
  public void close() {
    running = false;
    Thread looking = thread;
    if (looking != null) {
      LockSupport.unpark(looking);
      try {
        looking.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    connection.close();
  }
}
