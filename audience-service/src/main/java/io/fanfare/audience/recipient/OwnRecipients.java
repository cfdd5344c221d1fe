package io.fanfare.audience.recipient;

import io.fanfare.audience.recipient.RecipientSlice.Position;
import io.fanfare.audience.recipient.RecipientSlice.Row;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Recipients of one state, page by page: work grows with the page and the rows it lies in. */
@Repository
class OwnRecipients {

  private final JdbcTemplate jdbc;

  OwnRecipients(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Those of a state after a position; a recipient comes once, however often it is kept. */
  RecipientSlice page(
      OwnState state, UUID broadcastId, @Nullable String channel, Position after, int limit) {
    Long upto =
        jdbc.queryForObject(
            state.reach(),
            Long.class,
            limit,
            limit,
            broadcastId,
            after.contactId(),
            channel,
            channel,
            limit);
    long last = upto == null ? Long.MAX_VALUE : upto;
    List<Row> rows =
        jdbc.query(
            state.page(),
            OwnRecipients::row,
            broadcastId,
            last,
            after.contactId(),
            channel,
            channel,
            last,
            after.contactId(),
            after.channel(),
            limit);
    Position next =
        rows.size() == limit
            ? new Position(rows.getLast().contactId(), rows.getLast().channel())
            : upto == null ? null : Position.after(upto);
    return new RecipientSlice(each(rows), next);
  }

  boolean isKnown(UUID tenantId, UUID broadcastId) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            "select exists (select from broadcast_run where broadcast_id = ? and tenant_id = ?)",
            Boolean.class,
            broadcastId,
            tenantId));
  }

  private static List<Row> each(List<Row> rows) {
    List<Row> each = new ArrayList<>(rows.size());
    for (Row row : rows) {
      if (each.isEmpty()
          || each.getLast().contactId() != row.contactId()
          || !each.getLast().channel().equals(row.channel())) {
        each.add(row);
      }
    }
    return each;
  }

  private static Row row(ResultSet row, int index) throws SQLException {
    return new Row(
        row.getLong("contact_id"),
        row.getString("channel"),
        row.getString("variant"),
        row.getInt("attempts"),
        row.getString("reason"),
        instant(row, "at"),
        instant(row, "until"));
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
