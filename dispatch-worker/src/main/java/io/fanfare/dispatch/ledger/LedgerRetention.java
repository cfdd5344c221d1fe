package io.fanfare.dispatch.ledger;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Drops ledger days, and what only they needed. A dropped day is never made again: its commands end
 * as dead letters, since nobody would know whether they were sent.
 */
public final class LedgerRetention {

  private static final int PORTION = 5_000;

  private static final String OLD_COUNTERS =
      """
      delete from counter where ctid = any(array(
        select k.ctid from counter k join incarnation i on i.number = k.incarnation
        where i.settled_at is not null and k.changed_at < ? and k.broadcast_id <> all(?)
        limit 5000))
      """;

  private static final String OLD_INCARNATIONS =
      """
      select i.number from incarnation i
      where i.settled_at < ? and not exists (select 1 from counter k where k.incarnation = i.number)
      limit 5000
      """;

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  public LedgerRetention(DataSource dataSource) {
    jdbc = new JdbcTemplate(dataSource);
    transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
  }

  /**
   * Drops every day before another one.
   *
   * @param firstDay the first day that stays
   * @param unfinished broadcasts that may still send; their counters stay
   * @return how many days were dropped
   */
  public int dropBefore(LocalDate firstDay, Collection<UUID> unfinished) {
    // First and for itself: whoever makes a day looks at it under the same lock.
    transaction.executeWithoutResult(status -> {
      jdbc.execute("select pg_advisory_xact_lock(hashtext('dispatch_worker.ledger_day'))");
      jdbc.update("update ledger_floor set first_day = ? where first_day < ?", firstDay, firstDay);
    });
    List<String> days = partitionsBefore(firstDay);
    for (String day : days) {
      transaction.executeWithoutResult(status -> {
        // Dropping locks the whole table for a moment; waiting for that must not stop the others.
        jdbc.execute("set local lock_timeout = '500ms'");
        jdbc.execute("drop table if exists claim_" + day + ", result_" + day);
      });
    }
    jdbc.update("delete from custom_name where ledger_day < ?", firstDay);
    forgetCounters(firstDay, unfinished);
    forgetIncarnations(firstDay);
    return days.size();
  }

  private List<String> partitionsBefore(LocalDate firstDay) {
    return jdbc.query(
        """
        select substr(c.relname, 7) from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'claim'::regclass and substr(c.relname, 7) < ?
        order by 1
        """,
        (row, number) -> row.getString(1),
        DateTimeFormatter.BASIC_ISO_DATE.format(firstDay));
  }

  /** Of settled incarnations alone: nobody publishes those again. */
  private void forgetCounters(LocalDate firstDay, Collection<UUID> unfinished) {
    UUID[] kept = unfinished.toArray(UUID[]::new);
    int gone;
    do {
      gone = jdbc.update(OLD_COUNTERS, firstDay, kept);
    } while (gone == PORTION);
  }

  private void forgetIncarnations(LocalDate firstDay) {
    Integer gone;
    do {
      gone =
          transaction.execute(status -> {
            Long[] old =
                jdbc.query(OLD_INCARNATIONS, (row, number) -> row.getLong(1), firstDay)
                    .toArray(Long[]::new);
            jdbc.update("delete from lease where incarnation = any(?)", (Object) old);
            jdbc.update("delete from incarnation where number = any(?)", (Object) old);
            return old.length;
          });
    } while (gone != null && gone == PORTION);
  }
}
