package io.fanfare.dispatch.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.fanfare.localstack.testing.TestDatabase;
import io.fanfare.localstack.testing.TestInfrastructure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseKeeperTest {

  private final TestDatabase database = TestInfrastructure.freshDatabase();

  /** The fence and the renewals of the product: a connection that stalls must leave time enough. */
  @Test
  void aStalledConnectionIsReplacedBeforeTheFence() throws Exception {
    execute(
        """
        create schema dispatch_worker;
        create table dispatch_worker.incarnation (
          number bigint generated always as identity primary key, id uuid, worker text, ended_at timestamptz);
        create table dispatch_worker.lease (
          incarnation bigint primary key, renewed bigint default 0, open_from_batch bigint, published_up_to bigint)
        """);
    try (StallingWire wire = new StallingWire(database.jdbcUrl());
        HikariDataSource pool = pool(wire)) {
      LeaseKeeper keeper = new LeaseKeeper(pool, "w", Duration.ofSeconds(1), Duration.ofSeconds(4));
      keeper.start((thread, failure) -> {});
      await().until(() -> renewed() > 0);
      wire.stall();
      long before = renewed();
      await()
          .atMost(Duration.ofSeconds(15))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> {
            assertThat(keeper.fresh(keeper.current())).as("before the fence").isTrue();
            return renewed() > before;
          });
      keeper.abandon();
    }
  }

  private HikariDataSource pool(StallingWire wire) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(wire.jdbcUrl());
    config.setUsername(database.username());
    config.setPassword(database.password());
    config.addDataSourceProperty("currentSchema", "dispatch_worker");
    config.setMinimumIdle(0);
    return new HikariDataSource(config);
  }

  private long renewed() throws SQLException {
    try (Connection connection = database.connect();
        ResultSet row =
            connection
                .createStatement()
                .executeQuery("select coalesce(max(renewed), 0) from dispatch_worker.lease")) {
      row.next();
      return row.getLong(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.connect()) {
      connection.createStatement().execute(sql);
    }
  }
}
