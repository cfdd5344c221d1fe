package io.fanfare.dispatch.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that one thread keeps, so that its prepared statements stay prepared. After a failed
 * call it is closed; the next call opens another one.
 */
public final class DedicatedConnection implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DedicatedConnection.class);

  /**
   * How long things may take.
   *
   * @param borrow until the pool has a connection; zero for the pool's own patience
   * @param statement until a statement is done
   * @param network until the database answers at all
   */
  private record Patience(Duration borrow, Duration statement, Duration network) {}

  private static final Patience USUAL =
      new Patience(Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(8));

  private static final Patience SHORT =
      new Patience(Duration.ofMillis(700), Duration.ofMillis(1_000), Duration.ofMillis(1_300));

  private static final Executor DIRECT = Runnable::run;

  /** Work on the connection. */
  public interface Work<T extends @Nullable Object> {
    T run(Connection connection) throws SQLException;
  }

  private final DataSource dataSource;
  private final Duration mostIdle;
  private final Patience patience;
  private @Nullable Connection connection;

  public DedicatedConnection(DataSource dataSource) {
    this(dataSource, Duration.ZERO);
  }

  /**
   * One whose transactions end when this process stands still in them.
   *
   * @param mostIdle how long a transaction may wait for its next statement; shorter than what
   *     others wait before they take over, because they need the rows it locks. Zero for any time
   */
  public DedicatedConnection(DataSource dataSource, Duration mostIdle) {
    this(dataSource, mostIdle, USUAL);
  }

  private DedicatedConnection(DataSource dataSource, Duration mostIdle, Patience patience) {
    this.dataSource = dataSource;
    this.mostIdle = mostIdle;
    this.patience = patience;
  }

  /**
   * One that gives a connection up after little more than a second: a connection that died half
   * open leaves time for another try before a fence of four seconds.
   */
  public static DedicatedConnection impatient(DataSource dataSource) {
    return new DedicatedConnection(dataSource, Duration.ZERO, SHORT);
  }

  /**
   * Rethrows what trying again will not mend: wrong data, a violated constraint, a wrong statement.
   *
   * @throws IllegalStateException when the failure is one of those
   */
  public static void throwIfBug(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    if (state.startsWith("22") || state.startsWith("23") || state.startsWith("42")) {
      throw new IllegalStateException("the ledger refuses what it is told", failure);
    }
  }

  /** Runs statements that are each their own transaction. */
  public <T extends @Nullable Object> T call(Work<T> work) throws SQLException {
    Connection open = open();
    try {
      return work.run(open);
    } catch (SQLException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Runs statements as one transaction. */
  public <T extends @Nullable Object> T transaction(Work<T> work) throws SQLException {
    return call(open -> {
      open.setAutoCommit(false);
      T answer = work.run(open);
      open.commit();
      open.setAutoCommit(true);
      return answer;
    });
  }

  private Connection open() throws SQLException {
    if (connection != null) {
      return connection;
    }
    Connection fresh = borrow();
    try (Statement statement = fresh.createStatement()) {
      fresh.setAutoCommit(true);
      fresh.setNetworkTimeout(DIRECT, (int) patience.network().toMillis());
      // A new day's partition has no statistics yet; a hash join would read all of it for a lookup
      // of some keys.
      statement.execute(
          """
          set statement_timeout = %d;
          set idle_in_transaction_session_timeout = %d;
          set enable_hashjoin = off;
          set enable_mergejoin = off
          """
              .formatted(patience.statement().toMillis(), mostIdle.toMillis()));
    } catch (SQLException e) {
      fresh.close();
      throw e;
    }
    connection = fresh;
    return fresh;
  }

  /** The pool may be looking for a while whether an idle connection is still alive. */
  private Connection borrow() throws SQLException {
    if (patience.borrow().isZero()) {
      return dataSource.getConnection();
    }
    CompletableFuture<Connection> asked = new CompletableFuture<>();
    Thread.startVirtualThread(() -> lend(asked));
    try {
      return asked.get(patience.borrow().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      SQLException late = new SQLTimeoutException("the pool has no connection in time");
      if (asked.completeExceptionally(late)) {
        throw late;
      }
      return asked.join();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SQLException failure
          ? failure
          : new SQLException("the pool has no connection", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while waiting for a connection", e);
    }
  }

  private void lend(CompletableFuture<Connection> asked) {
    try {
      Connection fresh = dataSource.getConnection();
      if (!asked.complete(fresh)) {
        // Nobody waits for it any more.
        fresh.close();
      }
    } catch (SQLException | RuntimeException e) {
      asked.completeExceptionally(e);
    }
  }

  /** Gives the connection back for good: the pool must not lend it to others with our settings. */
  @Override
  public void close() {
    Connection open = connection;
    connection = null;
    if (open == null) {
      return;
    }
    try {
      if (dataSource.isWrapperFor(HikariDataSource.class)) {
        dataSource.unwrap(HikariDataSource.class).evictConnection(open);
      } else {
        open.close();
      }
    } catch (SQLException e) {
      LOG.debug("closing a connection failed; it is gone either way", e);
    }
  }
}
