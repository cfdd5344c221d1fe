package io.fanfare.dispatch.ledger;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.lease.Incarnation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Ends the incarnation of a worker that no longer renews its lease: its open claims end in doubt,
 * in one transaction, and it can write nothing afterwards.
 */
final class Takeover {

  private static final Cause CAUSE =
      new Cause(
          "worker_lost", "the worker stopped between its claim and the provider's answer", null);

  private static final String LOCK =
      """
      select i.id from incarnation i join lease l on l.incarnation = i.number
      where i.number = ? and i.ended_at is null and l.renewed = ?
      for update of i
      """;

  /** Asked under the lock: it may have been waited for while the owner renewed. */
  private static final String STILL =
      "select open_from_batch from lease where incarnation = ? and renewed = ?";

  private static final String OPEN_CLAIMS =
      """
      select c.* from claim c
      where c.incarnation = ? and c.batch >= ? and not exists (
        select 1 from result r
        where r.ledger_day = c.ledger_day and r.broadcast_id = c.broadcast_id and r.contact_id = c.contact_id
          and r.channel = c.channel and r.issue = c.issue)
      """;

  private Takeover() {}

  /**
   * Ends an incarnation; to be run in a transaction.
   *
   * @param by the incarnation that does it
   * @param dead whose lease was seen standing still, and at which renewal
   * @return how many sends are in doubt now; −1 when there was nothing to end, because it had
   *     renewed or somebody else was first
   */
  static int run(Connection connection, Incarnation by, TakeoverWatch.Observed dead, Instant now)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // Stopped in here, this process must not keep others from doing it.
      statement.execute("set local idle_in_transaction_session_timeout = 3000");
    }
    Locked locked = lock(connection, dead);
    if (locked == null) {
      return -1;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "update incarnation set ended_at = now(), ended_by = ? where number = ?")) {
      statement.setLong(1, by.number());
      statement.setLong(2, dead.number());
      statement.executeUpdate();
    }
    List<LedgerEntry> open = openClaims(connection, locked, now);
    Map<CounterSql.Key, Counts> changes = record(connection, locked.incarnation(), open);
    if (!changes.isEmpty()) {
      CounterSql.add(connection, locked.incarnation(), changes);
    }
    return open.size();
  }

  private record Locked(Incarnation incarnation, long openFromBatch) {}

  private static @Nullable Locked lock(Connection connection, TakeoverWatch.Observed dead)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
      statement.setLong(1, dead.number());
      statement.setLong(2, dead.renewed());
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? still(connection, dead, new Incarnation(dead.number(), row.getObject(1, UUID.class)))
            : null;
      }
    }
  }

  private static @Nullable Locked still(
      Connection connection, TakeoverWatch.Observed dead, Incarnation incarnation)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(STILL)) {
      statement.setLong(1, dead.number());
      statement.setLong(2, dead.renewed());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? new Locked(incarnation, row.getLong(1)) : null;
      }
    }
  }

  private static Map<CounterSql.Key, Counts> record(
      Connection connection, Incarnation dead, List<LedgerEntry> open) throws SQLException {
    Map<CounterSql.Key, Counts> changes = new HashMap<>();
    long first = lastSequence(connection, dead) + 1;
    Map<LocalDate, BitSet> byDay = LedgerDays.byDay(open, entry -> entry.command().ledgerDay());
    for (Map.Entry<LocalDate, BitSet> day : byDay.entrySet()) {
      BitSet inserted =
          ResultSql.insert(connection, dead.number(), first, day.getKey(), open, day.getValue());
      inserted.stream()
          .mapToObj(open::get)
          .forEach(entry -> {
            SendMessage command = entry.command();
            var key = new CounterSql.Key(command.broadcastId(), command.channel(), command.lane());
            changes.merge(key, entry.counted(Counts.ZERO), Counts::plus);
          });
    }
    return changes;
  }

  private static long lastSequence(Connection connection, Incarnation dead) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select coalesce(max(sequence), 0) from result where incarnation = ?")) {
      statement.setLong(1, dead.number());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static List<LedgerEntry> openClaims(Connection connection, Locked locked, Instant now)
      throws SQLException {
    List<LedgerEntry> open = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(OPEN_CLAIMS)) {
      statement.setLong(1, locked.incarnation().number());
      statement.setLong(2, locked.openFromBatch());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          open.add(
              new LedgerEntry(
                  command(row),
                  Outcome.IN_DOUBT,
                  now,
                  CAUSE,
                  null,
                  null,
                  locked.incarnation(),
                  ClaimDecision.NO_PREDECESSOR,
                  false,
                  (entry, recorded) -> {}));
        }
      }
    }
    return open;
  }

  /** What the claim tells of its command: all that an event says, nothing of its content. */
  static SendMessage command(ResultSet row) throws SQLException {
    return new SendMessage(
        row.getObject("tenant_id", UUID.class),
        row.getObject("broadcast_id", UUID.class),
        row.getLong("contact_id"),
        Channel.of(row.getString("channel")),
        row.getInt("issue"),
        row.getInt("attempt"),
        LedgerCodes.bucket(row.getInt("bucket")),
        false,
        row.getObject("ledger_day", LocalDate.class),
        new Lane(row.getObject("account_id", UUID.class), row.getInt("shard")),
        row.getString("variant"),
        0,
        null,
        row.getObject("claimed_at", OffsetDateTime.class).toInstant(),
        Map.of(),
        null,
        null,
        null,
        row.getObject("segment", Integer.class));
  }
}
