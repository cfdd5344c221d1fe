package io.fanfare.dispatch.ledger;

import io.fanfare.contract.Lane;
import io.fanfare.dispatch.database.DedicatedConnection;
import io.fanfare.dispatch.lease.Incarnation;
import io.fanfare.dispatch.lease.LeaseLost;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Makes sends ours: takes a batch of commands and says which of them this worker, and nobody else,
 * may send. For one thread.
 */
public final class ClaimWriter implements AutoCloseable {

  /**
   * What became of a batch.
   *
   * @param ours the positions of the commands that are ours
   * @param lost lanes another worker owns by now: what is not ours on them was not refused for good
   */
  public record Claimed(BitSet ours, Set<Lane> lost) {}

  private final DedicatedConnection connection;
  private final LedgerDays days;

  public ClaimWriter(DataSource dataSource, LedgerDays days) {
    connection = new DedicatedConnection(dataSource);
    this.days = days;
  }

  /**
   * Claims a batch.
   *
   * @param batch a number this incarnation uses once
   * @param epochs the epoch this worker knows of every lane in {@code rows}
   * @param repeated the batch was tried before and its answer was lost. What that try inserted is
   *     ours, so all rows of the batch are read back; a repeated insert alone would take them for
   *     somebody else's.
   * @return what became of them
   * @throws LeaseLost when another worker has ended the incarnation; nothing was claimed
   */
  public Claimed claim(
      Incarnation incarnation,
      long batch,
      List<LedgerRow> rows,
      Map<Lane, Long> epochs,
      boolean repeated)
      throws SQLException, LeaseLost {
    Map<LocalDate, BitSet> byDay = LedgerDays.byDay(rows, row -> row.command().ledgerDay());
    BitSet claimed =
        connection.call(open -> insertAll(open, incarnation.number(), batch, rows, epochs, byDay));
    if (repeated) {
      claimed.or(connection.call(open -> readBack(open, incarnation.number(), batch)));
    }
    // A row read back may already be in doubt by a takeover: then nothing of the batch may be sent.
    boolean doubtful = repeated || claimed.isEmpty();
    if (doubtful && connection.call(open -> ended(open, incarnation.number()))) {
      throw new LeaseLost(incarnation);
    }
    // Looked at after the claims: a lane that is still ours now was so then.
    Set<Lane> lost =
        claimed.cardinality() == rows.size()
            ? Set.of()
            : connection.call(open -> ClaimSql.lost(open, epochs));
    return new Claimed(claimed, lost);
  }

  private BitSet insertAll(
      Connection open,
      long incarnation,
      long batch,
      List<LedgerRow> rows,
      Map<Lane, Long> epochs,
      Map<LocalDate, BitSet> byDay)
      throws SQLException {
    BitSet claimed = new BitSet();
    for (Map.Entry<LocalDate, BitSet> day : byDay.entrySet()) {
      if (days.ensure(open, day.getKey(), day.getValue().cardinality())) {
        claimed.or(insert(open, incarnation, batch, rows, epochs, day));
      }
    }
    return claimed;
  }

  /** Claims nothing of a day that was dropped a moment ago, as of one dropped long before. */
  private BitSet insert(
      Connection open,
      long incarnation,
      long batch,
      List<LedgerRow> rows,
      Map<Lane, Long> epochs,
      Map.Entry<LocalDate, BitSet> day)
      throws SQLException {
    try {
      return ClaimSql.insert(open, incarnation, batch, day.getKey(), rows, epochs, day.getValue());
    } catch (SQLException e) {
      if (days.wasDropped(open, day.getKey(), e)) {
        return new BitSet();
      }
      throw e;
    }
  }

  private static BitSet readBack(Connection open, long incarnation, long batch)
      throws SQLException {
    try (PreparedStatement statement =
        open.prepareStatement("select position from claim where incarnation = ? and batch = ?")) {
      statement.setLong(1, incarnation);
      statement.setLong(2, batch);
      return ClaimSql.positions(statement);
    }
  }

  private static boolean ended(Connection open, long incarnation) throws SQLException {
    try (PreparedStatement statement =
        open.prepareStatement("select ended_at is not null from incarnation where number = ?")) {
      statement.setLong(1, incarnation);
      try (ResultSet row = statement.executeQuery()) {
        return !row.next() || row.getBoolean(1);
      }
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
