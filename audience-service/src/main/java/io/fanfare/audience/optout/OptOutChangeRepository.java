package io.fanfare.audience.optout;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** How contacts opted out and in; the newest of each contact alone. */
@Repository
class OptOutChangeRepository {

  /** Changes of a contact that are kept. */
  static final int KEPT = 200;

  private final JdbcTemplate jdbc;

  OptOutChangeRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Adds a change, with the contact's row locked.
   *
   * @param receives false for an opt-out
   * @param change what it was about, why, by whom and when
   * @param eventId the form of preferences it came by; null for none
   */
  void insert(
      UUID tenantId, long contactId, boolean receives, OptOut change, @Nullable UUID eventId) {
    jdbc.update(
        """
        insert into opt_out_change (tenant_id, contact_id, receives, channel, category, reason,
          source, actor, changed_at, event_id)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        tenantId,
        contactId,
        receives,
        OptOutRepository.key(change.channel()),
        OptOutRepository.key(change.category()),
        change.reason(),
        change.source(),
        change.actor(),
        change.since().atOffset(ZoneOffset.UTC),
        eventId);
    jdbc.update(
        """
        delete from opt_out_change
        where tenant_id = ? and contact_id = ? and id <= (
          select id from opt_out_change where tenant_id = ? and contact_id = ?
          order by id desc offset ? limit 1)
        """,
        tenantId,
        contactId,
        tenantId,
        contactId,
        KEPT);
  }

  /** The number of the newest change of a contact; 0 when there is none. */
  long newest(UUID tenantId, long contactId) {
    Long newest =
        jdbc.queryForObject(
            """
            select coalesce(max(id), 0) from opt_out_change where tenant_id = ? and contact_id = ?
            """,
            Long.class,
            tenantId,
            contactId);
    return newest == null ? 0 : newest;
  }

  /** Whether a form changed something before. */
  boolean knows(UUID tenantId, long contactId, UUID eventId) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            """
            select exists (select from opt_out_change
                           where tenant_id = ? and contact_id = ? and event_id = ?)
            """,
            Boolean.class,
            tenantId,
            contactId,
            eventId));
  }

  /** Newest first, those before a number. */
  List<OptOutChange> page(UUID tenantId, long contactId, long before, int limit) {
    return jdbc.query(
        """
        select id, receives, channel, category, reason, source, actor, changed_at
        from opt_out_change where tenant_id = ? and contact_id = ? and id < ?
        order by id desc limit ?
        """,
        OptOutChangeRepository::change,
        tenantId,
        contactId,
        before,
        limit);
  }

  private static OptOutChange change(ResultSet row, int index) throws SQLException {
    return new OptOutChange(
        row.getLong("id"),
        row.getBoolean("receives") ? "opt_in" : "opt_out",
        OptOutRepository.channel(row),
        OptOutRepository.category(row),
        row.getString("reason"),
        row.getString("source"),
        row.getString("actor"),
        OptOutRepository.at(row, "changed_at"));
  }
}
