package io.fanfare.localstack.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** An empty database and who may use it. The URL names no schema. */
public record TestDatabase(String jdbcUrl, String username, String password) {

  /** A connection of the test's own, to look at what the product wrote. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl, username, password);
  }
}
