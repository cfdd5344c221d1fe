package io.fanfare.dispatch.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executor;
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

  /** Longest a statement may run, in milliseconds: a hung database must not outlive the fence. */
  private static final int STATEMENT_TIMEOUT_MS = 5_000;

  private static final int NETWORK_TIMEOUT_MS = 8_000;

  private static final Executor DIRECT = Runnable::run;

  /** Work on the connection. */
  public interface Work<T extends @Nullable Object> {
    T run(Connection connection) throws SQLException;
  }

  private final DataSource dataSource;
  private final Duration mostIdle;
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
    this.dataSource = dataSource;
    this.mostIdle = mostIdle;
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
    Connection fresh = dataSource.getConnection();
    try (Statement statement = fresh.createStatement()) {
      fresh.setAutoCommit(true);
      fresh.setNetworkTimeout(DIRECT, NETWORK_TIMEOUT_MS);
      // A new day's partition has no statistics yet; a hash join would read all of it for a lookup
      // of some keys.
      statement.execute(
          """
          set statement_timeout = %d;
          set idle_in_transaction_session_timeout = %d;
          set enable_hashjoin = off;
          set enable_mergejoin = off
          """
              .formatted(STATEMENT_TIMEOUT_MS, mostIdle.toMillis()));
    } catch (SQLException e) {
      fresh.close();
      throw e;
    }
    connection = fresh;
    return fresh;
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
