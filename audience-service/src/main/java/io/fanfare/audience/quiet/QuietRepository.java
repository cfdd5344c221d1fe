package io.fanfare.audience.quiet;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Quiet hours of tenants and contacts. */
@Repository
public class QuietRepository {

  /** In place of a contact's id: the hours of the tenant. */
  static final long EVERY_CONTACT = 0;

  private final JdbcTemplate jdbc;

  QuietRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * The hours of some contacts.
   *
   * @param common the tenant's; null for none
   * @param own of the contacts that have their own, null for those that have none on purpose
   * @param zone where contacts are that have no time zone
   */
  public record Rules(
      @Nullable QuietHours common, Map<Long, @Nullable QuietHours> own, ZoneId zone) {

    /** The hours of a contact; null when he has none. */
    public @Nullable QuietHours of(long contactId) {
      return own.containsKey(contactId) ? own.get(contactId) : common;
    }
  }

  /** Whether anything is quiet for any of the tenant's contacts. */
  public boolean anyOf(UUID tenantId) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            "select exists (select from quiet_hours where tenant_id = ?)",
            Boolean.class,
            tenantId));
  }

  /** Null when nothing is quiet for any of them. */
  public @Nullable Rules rules(UUID tenantId, long[] contactIds) {
    Map<Long, @Nullable QuietHours> hours = new HashMap<>();
    Map<Long, ZoneId> zones = new HashMap<>();
    jdbc.query(
        """
        select contact_id, begins, ends, zone from quiet_hours
        where tenant_id = ? and (contact_id = 0 or contact_id = any(?))
        """,
        row -> {
          hours.put(row.getLong("contact_id"), hours(row));
          String zone = row.getString("zone");
          if (zone != null) {
            zones.put(row.getLong("contact_id"), ZoneId.of(zone));
          }
        },
        tenantId,
        contactIds);
    if (hours.isEmpty()) {
      return null;
    }
    QuietHours common = hours.remove(EVERY_CONTACT);
    return new Rules(common, hours, zones.getOrDefault(EVERY_CONTACT, ZoneOffset.UTC));
  }

  QuietSetting find(UUID tenantId, long contactId) {
    return jdbc
        .query(
            "select begins, ends, zone from quiet_hours where tenant_id = ? and contact_id = ?",
            (row, index) -> {
              QuietHours hours = hours(row);
              return hours == null
                  ? new QuietSetting(null, null, null, true)
                  : new QuietSetting(
                      hours.from().toString(), hours.to().toString(), row.getString("zone"), null);
            },
            tenantId,
            contactId)
        .stream()
        .findFirst()
        .orElse(QuietSetting.NONE);
  }

  void save(UUID tenantId, long contactId, QuietSetting setting) {
    if (setting.isNone()) {
      jdbc.update(
          "delete from quiet_hours where tenant_id = ? and contact_id = ?", tenantId, contactId);
      return;
    }
    jdbc.update(
        """
        insert into quiet_hours (tenant_id, contact_id, begins, ends, zone)
        values (?, ?, cast(? as time), cast(? as time), ?)
        on conflict (tenant_id, contact_id) do update
        set begins = excluded.begins, ends = excluded.ends, zone = excluded.zone
        """,
        tenantId,
        contactId,
        setting.from(),
        setting.to(),
        setting.zone());
  }

  boolean contactExists(UUID tenantId, long contactId) {
    String sql = "select exists (select from contact where tenant_id = ? and id = ?)";
    return Boolean.TRUE.equals(jdbc.queryForObject(sql, Boolean.class, tenantId, contactId));
  }

  /** False when there is none. */
  boolean lockContact(UUID tenantId, long contactId) {
    String sql = "select id from contact where tenant_id = ? and id = ? for key share";
    return !jdbc.queryForList(sql, Long.class, tenantId, contactId).isEmpty();
  }

  private static @Nullable QuietHours hours(ResultSet row) throws SQLException {
    LocalTime from = row.getObject("begins", LocalTime.class);
    LocalTime to = row.getObject("ends", LocalTime.class);
    return from == null || to == null ? null : new QuietHours(from, to);
  }
}
