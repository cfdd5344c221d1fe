package io.fanfare.dispatch.ledger;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.delivery.DeliveryProgress;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import io.fanfare.dispatch.lease.Incarnation;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToLongFunction;

/** The cumulative counters of an incarnation. */
final class CounterSql {

  /** What is counted apart. */
  record Key(UUID broadcastId, Channel channel, Lane lane) {}

  private static final String ADD =
      """
      insert into counter as k (broadcast_id, account_id, shard, incarnation, channel, sequence,
                                sent, failed, dead, in_doubt, retrying, skipped, cancelled, results, fell_back)
      select c.broadcast_id, c.account_id, c.shard, ?, c.channel, 1,
             c.sent, c.failed, c.dead, c.in_doubt, c.retrying, c.skipped, c.cancelled, c.results, c.fell_back
      from unnest(?::uuid[], ?::uuid[], ?::int[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                  ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
             as c(broadcast_id, account_id, shard, channel, sent, failed, dead, in_doubt,
                  retrying, skipped, cancelled, results, fell_back)
      on conflict (broadcast_id, account_id, shard, incarnation) do update set
        sequence = k.sequence + 1,
        sent = k.sent + excluded.sent,
        failed = k.failed + excluded.failed,
        dead = k.dead + excluded.dead,
        in_doubt = k.in_doubt + excluded.in_doubt,
        retrying = k.retrying + excluded.retrying,
        skipped = k.skipped + excluded.skipped,
        cancelled = k.cancelled + excluded.cancelled,
        results = k.results + excluded.results,
        fell_back = k.fell_back + excluded.fell_back,
        changed_at = now()
      returning broadcast_id, account_id, shard, channel, sequence,
                sent, failed, dead, in_doubt, retrying, skipped, cancelled, results, fell_back, changed_at
      """;

  private CounterSql() {}

  /** Adds to the counters and returns what they are now. */
  static List<DeliveryProgress> add(
      Connection connection, Incarnation incarnation, Map<Key, Counts> changes)
      throws SQLException {
    List<Key> keys = List.copyOf(changes.keySet());
    List<Counts> counts = keys.stream().map(changes::get).toList();
    try (PreparedStatement statement = connection.prepareStatement(ADD)) {
      int p = 1;
      statement.setLong(p++, incarnation.number());
      statement.setArray(p++, uuids(connection, keys.stream().map(Key::broadcastId).toList()));
      statement.setArray(
          p++, uuids(connection, keys.stream().map(key -> key.lane().accountId()).toList()));
      statement.setObject(p++, keys.stream().mapToInt(key -> key.lane().shard()).toArray());
      statement.setArray(
          p++,
          connection.createArrayOf(
              "text", keys.stream().map(key -> key.channel().name()).toArray(String[]::new)));
      for (ToLongFunction<Counts> column : COLUMNS) {
        statement.setObject(p++, counts.stream().mapToLong(column).toArray());
      }
      return read(statement, incarnation);
    }
  }

  private static final List<ToLongFunction<Counts>> COLUMNS =
      List.of(
          Counts::sent,
          Counts::failed,
          Counts::dead,
          Counts::inDoubt,
          Counts::retrying,
          Counts::skipped,
          Counts::cancelled,
          Counts::results,
          Counts::fallenBack);

  private static Array uuids(Connection connection, List<UUID> ids) throws SQLException {
    return connection.createArrayOf("uuid", ids.toArray(UUID[]::new));
  }

  private static List<DeliveryProgress> read(PreparedStatement statement, Incarnation incarnation)
      throws SQLException {
    List<DeliveryProgress> progress = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        progress.add(progress(row, incarnation.id()));
      }
    }
    return progress;
  }

  /** Reads one row of the columns that {@link #ADD} returns. */
  static DeliveryProgress progress(ResultSet row, UUID incarnation) throws SQLException {
    return new DeliveryProgress(
        row.getObject("broadcast_id", UUID.class),
        Channel.of(row.getString("channel")),
        new Lane(row.getObject("account_id", UUID.class), row.getInt("shard")),
        incarnation,
        row.getLong("sequence"),
        new Counts(
            row.getLong("sent"),
            row.getLong("failed"),
            row.getLong("dead"),
            row.getLong("in_doubt"),
            row.getLong("retrying"),
            row.getLong("skipped"),
            row.getLong("cancelled"),
            row.getLong("results"),
            row.getLong("fell_back")),
        row.getObject("changed_at", OffsetDateTime.class).toInstant());
  }
}
