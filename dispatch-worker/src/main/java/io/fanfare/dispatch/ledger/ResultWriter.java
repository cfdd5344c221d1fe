package io.fanfare.dispatch.ledger;

import io.fanfare.contract.delivery.DeliveryProgress;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.database.DedicatedConnection;
import io.fanfare.dispatch.lease.Incarnation;
import io.fanfare.dispatch.lease.LeaseLost;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Records how commands ended: result rows, missing claims and the counters in one transaction under
 * the incarnation's lease. Counters move by rows really inserted, so a repeated call changes
 * nothing twice. For one thread.
 */
final class ResultWriter implements AutoCloseable {

  /**
   * What a transaction did.
   *
   * @param recorded the positions of the entries that are in the ledger because of it
   * @param progress the counters it moved
   */
  record Written(BitSet recorded, List<DeliveryProgress> progress) {}

  /** A process that is stopped within the transaction must not keep others from taking over. */
  private static final Duration MOST_IDLE = Duration.ofSeconds(3);

  private final DedicatedConnection connection;
  private final LedgerDays days;
  private final boolean miscount;

  /**
   * @param miscount for tests alone: refusals are counted as exhausted retries
   */
  ResultWriter(DataSource dataSource, LedgerDays days, boolean miscount) {
    connection = new DedicatedConnection(dataSource, MOST_IDLE);
    this.days = days;
    this.miscount = miscount;
  }

  /**
   * Writes a batch.
   *
   * @param firstSequence the number of the first entry; the others follow
   * @param batch a batch number for claims that are made here
   * @param repeated the same call was made before and its answer was lost
   * @throws LeaseLost when another worker has ended the incarnation; nothing was written
   */
  Written write(
      Incarnation incarnation,
      long firstSequence,
      long batch,
      List<LedgerEntry> entries,
      boolean repeated)
      throws SQLException, LeaseLost {
    Map<LocalDate, BitSet> byDay = LedgerDays.byDay(entries, entry -> entry.command().ledgerDay());
    for (LocalDate day : List.copyOf(byDay.keySet())) {
      // Apart from the transaction: making a partition under its locks would stop others.
      if (!connection.call(open -> days.ensure(open, day, 0))) {
        byDay.remove(day);
      }
    }
    Written written;
    try {
      written =
          connection.<@Nullable Written>transaction(open -> {
            if (!lockLease(open, incarnation)) {
              return null;
            }
            return record(open, incarnation, firstSequence, batch, entries, byDay, repeated);
          });
    } catch (SQLException e) {
      if (noneWasDropped(byDay.keySet(), e)) {
        throw e;
      }
      // Rolled back; the day is known to be gone now, and is left out.
      return write(incarnation, firstSequence, batch, entries, repeated);
    }
    if (written == null) {
      throw new LeaseLost(incarnation);
    }
    return written;
  }

  private boolean noneWasDropped(Set<LocalDate> written, SQLException failure) throws SQLException {
    for (LocalDate day : written) {
      if (connection.call(open -> days.wasDropped(open, day, failure))) {
        return false;
      }
    }
    return true;
  }

  private static boolean lockLease(Connection open, Incarnation incarnation) throws SQLException {
    try (PreparedStatement statement =
        open.prepareStatement(
            "select 1 from incarnation where number = ? and ended_at is null for share")) {
      statement.setLong(1, incarnation.number());
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  private Written record(
      Connection open,
      Incarnation incarnation,
      long firstSequence,
      long batch,
      List<LedgerEntry> entries,
      Map<LocalDate, BitSet> byDay,
      boolean repeated)
      throws SQLException {
    BitSet inserted = new BitSet();
    for (Map.Entry<LocalDate, BitSet> day : byDay.entrySet()) {
      BitSet claimed =
          claimMissing(open, incarnation, batch, day.getKey(), entries, day.getValue());
      if (!claimed.isEmpty()) {
        inserted.or(
            ResultSql.insert(
                open, incarnation.number(), firstSequence, day.getKey(), entries, claimed));
      }
    }
    BitSet recorded = (BitSet) inserted.clone();
    if (repeated) {
      recorded.or(readBack(open, incarnation, firstSequence, entries.size()));
    }
    Map<CounterSql.Key, Counts> changes = changes(entries, inserted, recorded);
    if (miscount) {
      changes.replaceAll((key, counts) ->
          counts.plus(new Counts(0, -counts.failed(), counts.failed(), 0, 0, 0, 0, 0)));
    }
    return new Written(
        recorded, changes.isEmpty() ? List.of() : CounterSql.add(open, incarnation, changes));
  }

  /** Claims what ended without a claim; returns the positions that have one now. */
  private static BitSet claimMissing(
      Connection open,
      Incarnation incarnation,
      long batch,
      LocalDate day,
      List<LedgerEntry> entries,
      BitSet chosen)
      throws SQLException {
    BitSet missing = new BitSet();
    chosen.stream().filter(i -> entries.get(i).claimedBy() == null).forEach(missing::set);
    if (missing.isEmpty()) {
      return chosen;
    }
    List<LedgerRow> rows = new ArrayList<>(entries.size());
    for (LedgerEntry entry : entries) {
      rows.add(new LedgerRow(entry.command(), entry.follows()));
    }
    BitSet claimed = (BitSet) chosen.clone();
    claimed.andNot(missing);
    claimed.or(ClaimSql.insertUnsent(open, incarnation.number(), batch, day, rows, missing));
    return claimed;
  }

  private static BitSet readBack(
      Connection open, Incarnation incarnation, long firstSequence, int size) throws SQLException {
    try (PreparedStatement statement =
        open.prepareStatement(
            "select position from result where incarnation = ? and sequence between ? and ?")) {
      statement.setLong(1, incarnation.number());
      statement.setLong(2, firstSequence);
      statement.setLong(3, firstSequence + size - 1);
      return ClaimSql.positions(statement);
    }
  }

  /** Counters of what an earlier try recorded are touched by nothing, so that they are read. */
  private static Map<CounterSql.Key, Counts> changes(
      List<LedgerEntry> entries, BitSet inserted, BitSet recorded) {
    Map<CounterSql.Key, Counts> changes = new LinkedHashMap<>();
    recorded.stream()
        .forEach(i -> {
          LedgerEntry entry = entries.get(i);
          SendMessage command = entry.command();
          var key = new CounterSql.Key(command.broadcastId(), command.channel(), command.lane());
          Counts before = changes.getOrDefault(key, Counts.ZERO);
          changes.put(key, inserted.get(i) ? entry.counted(before) : before);
        });
    return changes;
  }

  @Override
  public void close() {
    connection.close();
  }
}
