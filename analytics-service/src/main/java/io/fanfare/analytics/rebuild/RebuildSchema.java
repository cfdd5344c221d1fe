package io.fanfare.analytics.rebuild;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import liquibase.UpdateSummaryEnum;
import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.SpringLiquibase;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.ResourceLoader;
import org.springframework.stereotype.Component;

/**
 * The schema a new generation is counted into: made by the same changes as the live one, beside it
 * in the same database, and dropped when its figures are compared. One instance at a time may have
 * it; the lock ends with the session that holds it, however that ends.
 */
@Component
class RebuildSchema {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,50}");
  private static final int CONNECTIONS = 2;
  private static final int STATEMENT_TIMEOUT_S = 600;

  private final HikariDataSource live;
  private final ResourceLoader resources;
  private final String changeLog;
  private final String liveName;

  RebuildSchema(
      DataSource dataSource,
      ResourceLoader resources,
      @Value("${spring.liquibase.change-log}") String changeLog,
      @Value("${spring.liquibase.default-schema}") String liveName)
      throws SQLException {
    this.live = dataSource.unwrap(HikariDataSource.class);
    this.resources = resources;
    this.changeLog = changeLog;
    this.liveName = liveName;
    if (!NAME.matcher(liveName).matches()) {
      throw new IllegalArgumentException("not the name of a schema: " + liveName);
    }
  }

  /** The name of the live schema. */
  String liveName() {
    return liveName;
  }

  /** The name of the schema beside it. */
  String name() {
    return liveName + "_rebuild";
  }

  /** A session that alone may rebuild, until it is closed; empty while another one does. */
  Optional<Connection> lock() throws SQLException {
    Properties properties = properties(liveName);
    properties.setProperty("user", live.getUsername());
    properties.setProperty("password", String.valueOf(live.getPassword()));
    // Not a pooled one: given back to a pool it would keep the lock.
    Connection session = DriverManager.getConnection(live.getJdbcUrl(), properties);
    try (PreparedStatement lock =
        session.prepareStatement("select pg_try_advisory_lock(hashtextextended(?, 0))")) {
      lock.setString(1, "fanfare rebuild " + liveName);
      try (ResultSet result = lock.executeQuery()) {
        if (result.next() && result.getBoolean(1)) {
          return Optional.of(session);
        }
      }
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
    session.close();
    return Optional.empty();
  }

  /** An empty schema with the tables of this version; what an interrupted rebuild left is gone. */
  HikariDataSource create(Connection session) throws SQLException {
    drop(session);
    try (Statement statement = session.createStatement()) {
      statement.execute("create schema " + name());
    }
    HikariDataSource pool = pool(name(), CONNECTIONS);
    try {
      SpringLiquibase changes = new SpringLiquibase();
      changes.setDataSource(pool);
      changes.setChangeLog(changeLog);
      changes.setDefaultSchema(name());
      changes.setLiquibaseSchema(name());
      changes.setResourceLoader(resources);
      changes.setAnalyticsEnabled(false);
      changes.setShowSummary(UpdateSummaryEnum.OFF);
      changes.afterPropertiesSet();
      return pool;
    } catch (LiquibaseException | RuntimeException e) {
      pool.close();
      throw new IllegalStateException("the tables of the new generation cannot be made", e);
    }
  }

  void drop(Connection session) throws SQLException {
    try (Statement statement = session.createStatement()) {
      statement.execute("drop schema if exists " + name() + " cascade");
    }
  }

  private HikariDataSource pool(String schema, int connections) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("rebuild");
    config.setJdbcUrl(live.getJdbcUrl());
    config.setUsername(live.getUsername());
    config.setPassword(live.getPassword());
    config.setDataSourceProperties(properties(schema));
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(0);
    return new HikariDataSource(config);
  }

  private Properties properties(String schema) {
    Properties properties = new Properties();
    properties.putAll(live.getDataSourceProperties());
    properties.setProperty("currentSchema", schema);
    // Dropping and comparing may take longer than anything else does.
    properties.setProperty("socketTimeout", Integer.toString(STATEMENT_TIMEOUT_S));
    return properties;
  }
}
