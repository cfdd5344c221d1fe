package io.fanfare.support;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import liquibase.integration.spring.SpringLiquibase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;

/**
 * Lets one instance of a service at a time change its schema; the others wait up to five minutes.
 * Liquibase's own lock does not serve: instances that find an empty database race for the table it
 * is in, and one killed while it had the lock would keep it for ever. This one ends with its
 * session.
 */
final class MigrationLock implements BeanPostProcessor, DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(MigrationLock.class);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final String schema;
  private final String url;
  private final String username;
  private final String password;
  private @Nullable Connection session;

  MigrationLock(String schema, String url, String username, String password) {
    this.schema = schema;
    this.url = url;
    this.username = username;
    this.password = password;
  }

  /** Puts the lock around the migration of a context. */
  void guard(ConfigurableListableBeanFactory beans) {
    beans.addBeanPostProcessor(this);
    if (beans instanceof DefaultSingletonBeanRegistry registry) {
      // A migration that fails is not told of to its post-processors.
      registry.registerDisposableBean("migrationLock", this);
    }
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String beanName) {
    if (bean instanceof SpringLiquibase) {
      try {
        session = locked();
      } catch (SQLException e) {
        throw new IllegalStateException("cannot lock schema " + schema + " for its changes", e);
      }
    }
    return bean;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    if (bean instanceof SpringLiquibase) {
      destroy();
    }
    return bean;
  }

  private Connection locked() throws SQLException {
    Connection connection = DriverManager.getConnection(url, username, password);
    try (Statement statement = connection.createStatement()) {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      // Asked again and again: a statement that waits would hold up an index that is being built
      // concurrently, which waits for all that began before it.
      while (!tryLock(statement)) {
        if (System.nanoTime() > deadline) {
          throw new SQLException("another instance has been changing it for " + PATIENCE);
        }
        log.info("another instance is changing schema {}", schema);
        LockSupport.parkNanos(PAUSE.toNanos());
      }
      forgetTheDead(statement);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private boolean tryLock(Statement statement) throws SQLException {
    try (ResultSet result =
        statement.executeQuery(
            "select pg_try_advisory_lock(hashtextextended('fanfare changes " + schema + "', 0))")) {
      return result.next() && result.getBoolean(1);
    }
  }

  /** Whoever has Liquibase's lock now died with it. */
  private void forgetTheDead(Statement statement) throws SQLException {
    String table = schema + ".databasechangeloglock";
    boolean exists;
    try (ResultSet result =
        statement.executeQuery("select to_regclass('" + table + "') is not null")) {
      exists = result.next() && result.getBoolean(1);
    }
    if (exists) {
      statement.execute(
          "update "
              + table
              + " set locked = false, lockgranted = null, lockedby = null where locked");
    }
  }

  @Override
  public void destroy() {
    Connection ending = session;
    session = null;
    if (ending != null) {
      try {
        ending.close();
      } catch (SQLException e) {
        log.warn("the session of schema {}'s lock did not close", schema, e);
      }
    }
  }
}
