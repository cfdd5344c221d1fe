package io.fanfare.benchmark.endpoint;

import io.fanfare.localstack.embedded.EmbeddedDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;

/** Writes into the worker's tables what a broadcast would have left there once it was sent. */
final class LedgerOfOneBroadcast {

  /** As many as a worker keeps, since each is a table more to plan for. */
  private static final String DAYS =
      "select count(ensure_ledger_day(d.day - n)) from (select ?::date as day) d, generate_series(0, 99) n";

  private static final String CLAIMS =
      """
      insert into claim (ledger_day, broadcast_id, contact_id, channel, issue, attempt, incarnation,
        batch, position, bucket, shard, tenant_id, account_id, variant, claimed_at)
      select ?, ?, n, 'email', 1, 1, 0, 0, 0, 2, 0, ?, ?, 'a', now() - interval '1 minute'
      from generate_series(1, ?) n
      """;

  private static final String RESULTS =
      """
      insert into result (ledger_day, broadcast_id, contact_id, channel, issue, outcome, position,
        incarnation, sequence, at)
      select ledger_day, broadcast_id, contact_id, channel, issue, 1, 0, 0, contact_id, now()
      from claim where ledger_day = ? and broadcast_id = ?
      """;

  private static final String LINKS =
      """
      insert into link (broadcast_id, variant, channel, number, tenant_id, target)
      values (?, 'a', 'email', 0, ?, ''), (?, 'a', 'email', 1, ?, 'https://shop.example/spring')
      """;

  private LedgerOfOneBroadcast() {}

  static void write(EmbeddedDatabase database, UUID tenant, UUID broadcast, int recipients)
      throws SQLException {
    LocalDate day = LocalDate.now(ZoneOffset.UTC);
    try (Connection connection =
            DriverManager.getConnection(database.jdbcUrl("fanfare"), database.username(), "");
        Statement plain = connection.createStatement()) {
      plain.execute("set search_path to dispatch_worker");
      execute(connection, DAYS, day);
      execute(connection, CLAIMS, day, broadcast, tenant, broadcast, recipients);
      execute(connection, RESULTS, day, broadcast);
      execute(connection, LINKS, broadcast, tenant, broadcast, tenant);
      plain.execute("vacuum (analyze) claim");
      plain.execute("vacuum (analyze) result");
    }
  }

  private static void execute(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.execute();
    }
  }
}
