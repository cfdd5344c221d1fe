package io.fanfare.analytics.engagement;

import io.fanfare.contract.engagement.EngagementEvent.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads what is remembered of recipients. */
final class RecipientEventRepository {

  // "offset 0" keeps it to one look into the index for each recipient: joined, the planner may
  // read the whole table for a batch.
  private static final String FIND =
      """
      select e.* from unnest(
        cast(:broadcasts as uuid[]), cast(:contacts as bigint[]), cast(:channels as text[]))
        as r (broadcast_id, contact_id, channel)
      cross join lateral (
        select * from engagement_event k
        where k.broadcast_id = r.broadcast_id and k.contact_id = r.contact_id
          and k.channel = r.channel
        offset 0) e
      """;

  private final JdbcClient jdbc;

  RecipientEventRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The remembered events of those recipients that have any. */
  Map<Recipient, List<RecipientEvent>> find(Set<Recipient> recipients) {
    List<Recipient> wanted = List.copyOf(recipients);
    Map<Recipient, List<RecipientEvent>> known = new HashMap<>();
    jdbc.sql(FIND)
        .param(
            "broadcasts",
            wanted.stream().map(row -> row.broadcastId().toString()).toArray(String[]::new))
        .param("contacts", wanted.stream().map(Recipient::contactId).toArray(Long[]::new))
        .param("channels", wanted.stream().map(Recipient::channel).toArray(String[]::new))
        .query(row -> {
          known.computeIfAbsent(recipient(row), key -> new ArrayList<>()).add(event(row));
        });
    return known;
  }

  private static Recipient recipient(ResultSet row) throws SQLException {
    return new Recipient(
        row.getObject("broadcast_id", UUID.class),
        row.getLong("contact_id"),
        row.getString("channel"));
  }

  private static RecipientEvent event(ResultSet row) throws SQLException {
    Instant at = instant(row, "at");
    if (at == null) {
      throw new SQLException("an event without a time");
    }
    return new RecipientEvent(
        row.getObject("event_id", UUID.class),
        row.getString("variant"),
        Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        row.getInt("link"),
        row.getString("name"),
        row.getBigDecimal("value"),
        at,
        instant(row, "sent_at"),
        row.getObject("utc_offset", Integer.class),
        row.getBoolean("machine"),
        row.getInt("segment"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
