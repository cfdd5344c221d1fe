package io.fanfare.dispatch.engagement.intake;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Keeps which names custom events of a broadcast have, and how many they are. */
@Repository
class CustomNameRepository {

  /** Analytics show as many of a broadcast, and have a row for each in every roll-up. */
  static final int MOST_NAMES = 100;

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  CustomNameRepository(JdbcTemplate jdbc, PlatformTransactionManager transactions) {
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(transactions);
  }

  /**
   * Adds names; none of them when there is no room for all.
   *
   * @return those without room
   */
  Set<String> add(FiledBroadcast broadcast, Collection<String> names) {
    Set<String> refused =
        transaction.execute(status -> {
          jdbc.query(
              "select pg_advisory_xact_lock(hashtextextended('custom_name:' || ?, 0))",
              row -> {},
              broadcast.broadcastId().toString());
          Set<String> fresh = new LinkedHashSet<>(names);
          Set<String> known =
              new HashSet<>(
                  jdbc.query(
                      "select name from custom_name where broadcast_id = ?",
                      (row, index) -> row.getString("name"),
                      broadcast.broadcastId()));
          fresh.removeAll(known);
          List<String> added = new ArrayList<>(fresh);
          int room = MOST_NAMES - known.size();
          if (added.size() > room) {
            return new LinkedHashSet<>(added.subList(room, added.size()));
          }
          jdbc.update(
              """
              insert into custom_name (broadcast_id, name, ledger_day)
              select ?, n, ? from unnest(?::text[]) as n
              """,
              broadcast.broadcastId(),
              broadcast.ledgerDay(),
              added.toArray(String[]::new));
          return Set.of();
        });
    return refused == null ? Set.of() : refused;
  }
}
