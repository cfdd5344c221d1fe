package io.fanfare.support;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Makes the service's schema before Liquibase looks for it, has one instance at a time change it,
 * and waits up to a minute for a database that is still starting.
 */
final class SchemaInitializer
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  private static final Logger log = LoggerFactory.getLogger(SchemaInitializer.class);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofMillis(500);
  // Any number will do, as long as every instance takes the same one.
  private static final long SCHEMA_LOCK = 0x66616e66617265L;

  private final String schema;

  SchemaInitializer(String schema) {
    this.schema = schema;
  }

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    Environment environment = context.getEnvironment();
    String url = environment.getRequiredProperty("spring.datasource.url");
    String username = environment.getProperty("spring.datasource.username", "");
    String password = environment.getProperty("spring.datasource.password", "");
    MigrationLock migration = new MigrationLock(schema, url, username, password);
    // Not at once: the context's own processors, which come first, are added by its refresh.
    context.addBeanFactoryPostProcessor(migration::guard);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        createSchema(url, username, password);
        return;
      } catch (SQLException e) {
        // 08 is no connection, 57P03 a server still starting; anything else will not mend itself.
        String state = String.valueOf(e.getSQLState());
        boolean mayPass = state.startsWith("08") || state.equals("57P03");
        if (!mayPass || System.nanoTime() > deadline) {
          throw new IllegalStateException("no database at " + url + ": " + e.getMessage(), e);
        }
        log.info("waiting for the database at {}", url);
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void createSchema(String url, String username, String password) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, username, password);
        Statement statement = connection.createStatement()) {
      // "if not exists" alone fails when two instances start at once.
      connection.setAutoCommit(false);
      statement.execute("select pg_advisory_xact_lock(" + SCHEMA_LOCK + ")");
      statement.execute("create schema if not exists " + schema);
      connection.commit();
    }
  }
}
