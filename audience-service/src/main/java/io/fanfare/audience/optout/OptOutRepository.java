package io.fanfare.audience.optout;

import io.fanfare.contract.Channel;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Opt-outs in PostgreSQL; freeze and release read the same table. */
@Repository
class OptOutRepository {

  /** Every channel, every category. */
  private static final String EVERY = "*";

  private final JdbcTemplate jdbc;

  OptOutRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  boolean contactExists(UUID tenantId, long contactId) {
    String sql = "select exists (select from contact where tenant_id = ? and id = ?)";
    return Boolean.TRUE.equals(jdbc.queryForObject(sql, Boolean.class, tenantId, contactId));
  }

  /** The channels a contact has an address on. */
  List<Channel> reachableOn(UUID tenantId, long contactId) {
    return jdbc.query(
        """
        select a.channel
        from contact c cross join lateral (values ('email', c.email is not null),
          ('telegram', c.telegram_chat_id is not null)) as a (channel, there)
        where c.tenant_id = ? and c.id = ? and a.there
        """,
        (row, index) -> Channel.of(row.getString(1)),
        tenantId,
        contactId);
  }

  /** Locks a contact against every other change; false when there is none. */
  boolean lockContact(UUID tenantId, long contactId) {
    String sql = "select id from contact where tenant_id = ? and id = ? for update";
    return !jdbc.queryForList(sql, Long.class, tenantId, contactId).isEmpty();
  }

  /** False when one for the same stands already. */
  boolean insert(UUID tenantId, long contactId, OptOut optOut) {
    return jdbc.update(
            """
            insert into opt_out
              (tenant_id, contact_id, channel, category, reason, source, actor, opted_out_at)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict do nothing
            """,
            tenantId,
            contactId,
            key(optOut.channel()),
            key(optOut.category()),
            optOut.reason(),
            optOut.source(),
            optOut.actor(),
            optOut.since().atOffset(ZoneOffset.UTC))
        > 0;
  }

  /** Deletes one; false when there was none. */
  boolean delete(UUID tenantId, long contactId, OptOutScope scope) {
    return jdbc.update(
            """
            delete from opt_out
            where tenant_id = ? and contact_id = ? and channel = ? and category = ?
            """,
            tenantId,
            contactId,
            key(scope.channel()),
            key(scope.category()))
        > 0;
  }

  /** Deletes all of a contact, and what they were before. */
  void forget(UUID tenantId, long contactId) {
    jdbc.update("delete from opt_out where tenant_id = ? and contact_id = ?", tenantId, contactId);
    jdbc.update(
        "delete from opt_out_change where tenant_id = ? and contact_id = ?", tenantId, contactId);
  }

  /** Those of all messages first, the one for every channel before the others. */
  List<OptOut> find(UUID tenantId, long contactId) {
    return jdbc.query(
        """
        select channel, category, reason, source, actor, opted_out_at
        from opt_out where tenant_id = ? and contact_id = ? order by category, channel
        """,
        OptOutRepository::optOut,
        tenantId,
        contactId);
  }

  long nextVersion() {
    Long version = jdbc.queryForObject("select nextval('suppression_version')", Long.class);
    return version == null ? 0 : version;
  }

  static String key(@Nullable Channel channel) {
    return channel == null ? EVERY : channel.name();
  }

  static String key(@Nullable String category) {
    return category == null ? EVERY : category;
  }

  static @Nullable Channel channel(ResultSet row) throws SQLException {
    String channel = row.getString("channel");
    return channel.equals(EVERY) ? null : Channel.of(channel);
  }

  static @Nullable String category(ResultSet row) throws SQLException {
    String category = row.getString("category");
    return category.equals(EVERY) ? null : category;
  }

  static Instant at(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static OptOut optOut(ResultSet row, int index) throws SQLException {
    return new OptOut(
        channel(row),
        row.getString("reason"),
        row.getString("source"),
        row.getString("actor"),
        at(row, "opted_out_at"),
        category(row));
  }
}
