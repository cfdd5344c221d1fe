package io.fanfare.analytics.recipient;

import io.fanfare.analytics.recipient.RecipientDoings.Doing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads what is remembered of one contact in one broadcast. */
@Repository
class DoingsReader {

  private static final String FIND =
      """
      select e.channel, e.kind, e.at, e.link, e.name, e.value, e.machine
      from engagement_event e
      where e.broadcast_id = :broadcast and e.contact_id = :contact
        and exists (
          select from engagement_count c
          where c.broadcast_id = e.broadcast_id and c.tenant_id = :tenant)
      order by e.at, e.event_id limit 1000
      """;

  private final JdbcClient jdbc;

  DoingsReader(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  RecipientDoings read(UUID tenantId, UUID broadcastId, long contactId) {
    List<Doing> events =
        jdbc.sql(FIND)
            .param("broadcast", broadcastId)
            .param("contact", contactId)
            .param("tenant", tenantId)
            .query((row, number) -> doing(row))
            .list();
    boolean sealed =
        jdbc.sql("select exists (select from sealed_broadcast where broadcast_id = :broadcast)")
            .param("broadcast", broadcastId)
            .query(Boolean.class)
            .single();
    return new RecipientDoings(events, sealed);
  }

  private static Doing doing(ResultSet row) throws SQLException {
    int link = row.getInt("link");
    String name = row.getString("name");
    return new Doing(
        row.getString("channel"),
        row.getString("kind"),
        row.getObject("at", OffsetDateTime.class).toInstant(),
        link == 0 ? null : link,
        name.isEmpty() ? null : name,
        row.getBigDecimal("value"),
        row.getBoolean("machine"));
  }
}
