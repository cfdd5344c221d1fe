package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.process.ChildProcess;
import io.fanfare.benchmark.process.Deployment;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Kills and stops workers at the worst moment: while they have claims without a result. */
final class WorkerFaults {

  private static final Duration HUNT = Duration.ofSeconds(40);
  private static final Duration READY = Duration.ofSeconds(60);
  private static final Duration TAKEOVER = Duration.ofSeconds(60);
  private static final long LOOK_NANOS = Duration.ofMillis(3).toNanos();

  /** Fewer may be recorded between the look and the signal. */
  private static final int ENOUGH_CLAIMS = 3;

  private static final int TRIES = 10;

  private final Deployment deployment;
  private final List<String> workers;
  private final LedgerReader ledger;
  private final Reviver reviver;
  private final RunLog log;

  WorkerFaults(
      Deployment deployment,
      List<String> workers,
      LedgerReader ledger,
      Reviver reviver,
      RunLog log) {
    this.deployment = deployment;
    this.workers = workers;
    this.ledger = ledger;
    this.reviver = reviver;
    this.log = log;
  }

  /** Kills a worker with open claims; once more, another one, when the kill came too late. */
  void kill(String first) throws SQLException {
    for (int i = 0; i < TRIES; i++) {
      try (Connection connection = connect()) {
        String worker = hunt(connection, first);
        if (worker == null) {
          log.surprise("no worker had open claims within " + HUNT + ": nobody is killed");
          return;
        }
        long incarnation = ledger.incarnation(connection, worker);
        ChildProcess process = deployment.service(worker);
        // Stopped for a look, so that the claims are still open when the kill comes.
        process.stop();
        if (ledger.openClaims(connection, worker) == 0) {
          process.wake();
          continue;
        }
        process.kill();
        Instant at = Instant.now();
        int open = ledger.openClaims(connection, worker);
        deployment.startAgain(worker);
        log.killed(new RunLog.Kill(worker, incarnation, open, at));
        log.say("killed " + worker + " with " + open + " open claims");
        if (open > 0) {
          return;
        }
      }
    }
  }

  /** Stops a worker with open claims, lets another take it over and wakes it afterwards. */
  void stopAndWake(String first, Duration afterTakeover) throws SQLException {
    // Somebody must be there to take it over.
    Patience.until(READY, () -> reviver.readyFrom(workers, first).size() > 1);
    try (Connection connection = connect()) {
      String worker = hunt(connection, first);
      if (worker == null) {
        log.surprise("no worker had open claims within " + HUNT + ": nobody is stopped");
        return;
      }
      long incarnation = ledger.incarnation(connection, worker);
      ChildProcess process = deployment.service(worker);
      process.stop();
      long begun = System.nanoTime();
      Map<String, Set<Recipient>> open = ledger.openRecipients(connection, worker);
      int claims = open.values().stream().mapToInt(Set::size).sum();
      log.say("stopped " + worker + " with " + claims + " open claims");
      boolean ended = Patience.until(TAKEOVER, () -> ledger.ended(connection, incarnation));
      if (!ended) {
        log.surprise(worker + " stood still for " + TAKEOVER + " and nobody took it over");
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      Patience.pass(afterTakeover);
      log.stopped(new RunLog.Stop(open, RunLog.epochNanos()));
      process.wake();
      log.say("woke %s, taken over after %.1f s".formatted(worker, seconds));
    }
  }

  private Connection connect() {
    return Patience.insist("connecting to the database", HUNT, ledger::connect);
  }

  private @Nullable String hunt(Connection connection, String first) throws SQLException {
    long deadline = System.nanoTime() + HUNT.toNanos();
    while (System.nanoTime() < deadline) {
      reviver.reviveTheDead();
      List<String> ready = reviver.readyFrom(workers, first);
      long round = System.nanoTime() + Duration.ofSeconds(1).toNanos();
      while (!ready.isEmpty() && System.nanoTime() < round) {
        for (String worker : ready) {
          if (ledger.openClaims(connection, worker) >= ENOUGH_CLAIMS) {
            return worker;
          }
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
      if (ready.isEmpty()) {
        Patience.pass(Duration.ofMillis(200));
      }
    }
    return null;
  }
}
