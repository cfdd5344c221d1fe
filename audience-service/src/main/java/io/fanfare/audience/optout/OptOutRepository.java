package io.fanfare.audience.optout;

import io.fanfare.contract.Channel;
import java.sql.ResultSet;
import java.sql.SQLException;
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

  private static final String EVERY_CHANNEL = "*";

  private final JdbcTemplate jdbc;

  OptOutRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  boolean contactExists(UUID tenantId, long contactId) {
    String sql = "select exists (select from contact where tenant_id = ? and id = ?)";
    return Boolean.TRUE.equals(jdbc.queryForObject(sql, Boolean.class, tenantId, contactId));
  }

  /** Locks a contact against every other change; false when there is none. */
  boolean lockContact(UUID tenantId, long contactId) {
    String sql = "select id from contact where tenant_id = ? and id = ? for update";
    return !jdbc.queryForList(sql, Long.class, tenantId, contactId).isEmpty();
  }

  /** False when one for the same channel stands already. */
  boolean insert(UUID tenantId, long contactId, OptOut optOut) {
    return jdbc.update(
            """
            insert into opt_out (tenant_id, contact_id, channel, reason, source, actor, opted_out_at)
            values (?, ?, ?, ?, ?, ?, ?)
            on conflict do nothing
            """,
            tenantId,
            contactId,
            key(optOut.channel()),
            optOut.reason(),
            optOut.source(),
            optOut.actor(),
            optOut.since().atOffset(ZoneOffset.UTC))
        > 0;
  }

  /**
   * Deletes one, or all of a contact.
   *
   * @param channel null for all
   */
  boolean delete(UUID tenantId, long contactId, @Nullable Channel channel) {
    if (channel == null) {
      return jdbc.update(
              "delete from opt_out where tenant_id = ? and contact_id = ?", tenantId, contactId)
          > 0;
    }
    return jdbc.update(
            "delete from opt_out where tenant_id = ? and contact_id = ? and channel = ?",
            tenantId,
            contactId,
            channel.name())
        > 0;
  }

  /** The one for every channel first. */
  List<OptOut> find(UUID tenantId, long contactId) {
    return jdbc.query(
        """
        select channel, reason, source, actor, opted_out_at
        from opt_out where tenant_id = ? and contact_id = ? order by channel
        """,
        OptOutRepository::optOut,
        tenantId,
        contactId);
  }

  long nextVersion() {
    Long version = jdbc.queryForObject("select nextval('suppression_version')", Long.class);
    return version == null ? 0 : version;
  }

  private static String key(@Nullable Channel channel) {
    return channel == null ? EVERY_CHANNEL : channel.name();
  }

  private static OptOut optOut(ResultSet row, int index) throws SQLException {
    String channel = row.getString("channel");
    return new OptOut(
        channel.equals(EVERY_CHANNEL) ? null : Channel.of(channel),
        row.getString("reason"),
        row.getString("source"),
        row.getString("actor"),
        row.getObject("opted_out_at", OffsetDateTime.class).toInstant());
  }
}
