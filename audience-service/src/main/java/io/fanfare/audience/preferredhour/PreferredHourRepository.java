package io.fanfare.audience.preferredhour;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The hours contacts prefer; those without one have no row. */
@Repository
class PreferredHourRepository {

  private final JdbcTemplate jdbc;

  PreferredHourRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  PreferredHour find(UUID tenantId, long contactId) {
    return jdbc
        .query(
            "select hour from preferred_hour where tenant_id = ? and contact_id = ?",
            (row, index) -> new PreferredHour(row.getInt("hour")),
            tenantId,
            contactId)
        .stream()
        .findFirst()
        .orElse(PreferredHour.NONE);
  }

  void save(UUID tenantId, long contactId, @Nullable Integer hour) {
    if (hour == null) {
      jdbc.update(
          "delete from preferred_hour where tenant_id = ? and contact_id = ?", tenantId, contactId);
      return;
    }
    jdbc.update(
        """
        insert into preferred_hour (tenant_id, contact_id, hour) values (?, ?, ?)
        on conflict (tenant_id, contact_id) do update set hour = excluded.hour
        """,
        tenantId,
        contactId,
        hour);
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
}
