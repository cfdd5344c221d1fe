package io.fanfare.retry.recipient;

import io.fanfare.retry.deadletter.DeadLetterRepository;
import io.fanfare.retry.recipient.RetryHistory.Due;
import io.fanfare.retry.recipient.RetryHistory.HandOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads what is kept of one contact in one broadcast. */
@Repository
class RetryHistoryReader {

  private static final String DUE =
      """
      select channel, issue, attempt, due_at, granted from retry
      where broadcast_id = :broadcast and contact_id = :contact and tenant_id = :tenant
        and due_at is not null
      order by channel
      """;

  private static final String ORDERS =
      """
      select o.channel, o.issue, o.what, o.actor, o.at
      from hand_order o join broadcast_policy p on p.broadcast_id = o.broadcast_id
      where o.broadcast_id = :broadcast and o.contact_id = :contact and p.tenant_id = :tenant
      order by o.at, o.issue limit 200
      """;

  private final JdbcClient jdbc;
  private final DeadLetterRepository deadLetters;

  RetryHistoryReader(JdbcClient jdbc, DeadLetterRepository deadLetters) {
    this.jdbc = jdbc;
    this.deadLetters = deadLetters;
  }

  RetryHistory read(UUID tenantId, UUID broadcastId, long contactId) {
    return new RetryHistory(
        of(DUE, tenantId, broadcastId, contactId)
            .query((row, number) ->
                new Due(
                    row.getString("channel"),
                    row.getInt("issue"),
                    row.getInt("attempt"),
                    instant(row, "due_at"),
                    row.getBoolean("granted")))
            .list(),
        deadLetters.ofContact(tenantId, broadcastId, contactId),
        of(ORDERS, tenantId, broadcastId, contactId)
            .query((row, number) ->
                new HandOrder(
                    row.getString("channel"),
                    row.getInt("issue"),
                    row.getString("what"),
                    row.getString("actor"),
                    instant(row, "at")))
            .list());
  }

  private JdbcClient.StatementSpec of(String sql, UUID tenantId, UUID broadcastId, long contactId) {
    return jdbc.sql(sql)
        .param("tenant", tenantId)
        .param("broadcast", broadcastId)
        .param("contact", contactId);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
