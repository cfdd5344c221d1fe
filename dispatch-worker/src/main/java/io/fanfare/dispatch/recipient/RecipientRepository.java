package io.fanfare.dispatch.recipient;

import io.fanfare.contract.Channel;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.dispatch.ledger.LedgerBuckets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Reads the ledger by recipient. */
@Repository
class RecipientRepository {

  /** Who is asked for. */
  record Recipient(LocalDate ledgerDay, UUID broadcastId, long contactId, Channel channel) {}

  /**
   * Where a recipient stands by its newest order.
   *
   * @param bucket where it is counted; of an order under way, where it was counted before
   * @param at when the order ended, or was claimed
   */
  record Recorded(
      UUID broadcastId,
      long contactId,
      Channel channel,
      int issue,
      int attempt,
      Bucket bucket,
      Instant at,
      @Nullable Cause cause,
      @Nullable Instant retryAt,
      @Nullable String providerMessageId) {}

  private static final String NEWEST =
      """
      select n.*
      from unnest(?::date[], ?::uuid[], ?::bigint[], ?::text[])
             as k(ledger_day, broadcast_id, contact_id, channel)
      cross join lateral (
        select c.broadcast_id, c.contact_id, c.channel, c.issue, c.attempt, c.bucket, c.claimed_at,
               r.outcome, r.at, r.retry_at, r.cause_code, r.cause_detail, r.provider_code,
               r.provider_message_id
        from claim c
        left join result r on r.ledger_day = c.ledger_day and r.broadcast_id = c.broadcast_id
          and r.contact_id = c.contact_id and r.channel = c.channel and r.issue = c.issue
        where c.ledger_day = k.ledger_day and c.broadcast_id = k.broadcast_id
          and c.contact_id = k.contact_id and c.channel = k.channel and c.tenant_id = ?
        order by c.issue desc limit 1
      ) n
      """;

  // Bounds the answer for a recipient that a provider calls too fast for hours: the newest orders.
  private static final int MOST_ORDERS = 1_000;

  private static final String ORDERS =
      """
      select c.channel, c.issue, c.attempt, c.variant, c.segment, c.bucket, c.claimed_at, r.outcome,
             r.at, r.retry_at, r.cause_code, r.cause_detail, r.provider_code, r.provider_message_id
      from claim c
      left join result r on r.ledger_day = c.ledger_day and r.broadcast_id = c.broadcast_id
        and r.contact_id = c.contact_id and r.channel = c.channel and r.issue = c.issue
      where c.ledger_day = ? and c.broadcast_id = ? and c.contact_id = ? and c.tenant_id = ?
      order by c.channel desc, c.issue desc limit ?
      """;

  private final JdbcTemplate jdbc;

  RecipientRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Those of the tenant's recipients that the ledger knows. */
  List<Recorded> find(UUID tenantId, List<Recipient> recipients) {
    return jdbc.query(
        NEWEST,
        RecipientRepository::recorded,
        recipients.stream().map(r -> r.ledgerDay().toString()).toArray(String[]::new),
        recipients.stream().map(r -> r.broadcastId().toString()).toArray(String[]::new),
        recipients.stream().mapToLong(Recipient::contactId).toArray(),
        recipients.stream().map(r -> r.channel().name()).toArray(String[]::new),
        tenantId);
  }

  /** The orders to send to a contact, by channel and issue. */
  List<LedgerHistory.Order> orders(UUID tenantId, UUID broadcastId, LocalDate day, long contactId) {
    return jdbc.query(
            ORDERS, RecipientRepository::order, day, broadcastId, contactId, tenantId, MOST_ORDERS)
        .reversed();
  }

  private static LedgerHistory.Order order(ResultSet row, int index) throws SQLException {
    int outcome = row.getInt("outcome");
    boolean open = row.wasNull();
    return new LedgerHistory.Order(
        Channel.of(row.getString("channel")),
        row.getInt("issue"),
        row.getInt("attempt"),
        row.getString("variant"),
        row.getObject("segment", Integer.class),
        LedgerBuckets.of(row.getInt("bucket")),
        row.getObject("claimed_at", OffsetDateTime.class).toInstant(),
        open ? null : LedgerBuckets.outcome(outcome),
        instant(row.getObject("at", OffsetDateTime.class)),
        LedgerRecipients.cause(row),
        instant(row.getObject("retry_at", OffsetDateTime.class)),
        row.getString("provider_message_id"));
  }

  private static Recorded recorded(ResultSet row, int index) throws SQLException {
    int outcome = row.getInt("outcome");
    boolean open = row.wasNull();
    String code = row.getString("cause_code");
    String detail = row.getString("cause_detail");
    return new Recorded(
        row.getObject("broadcast_id", UUID.class),
        row.getLong("contact_id"),
        Channel.of(row.getString("channel")),
        row.getInt("issue"),
        row.getInt("attempt"),
        open
            ? LedgerBuckets.of(row.getInt("bucket"))
            : LedgerBuckets.after(row.getInt("bucket"), outcome),
        row.getObject(open ? "claimed_at" : "at", OffsetDateTime.class).toInstant(),
        code == null || detail == null
            ? null
            : new Cause(code, detail, row.getString("provider_code")),
        instant(row.getObject("retry_at", OffsetDateTime.class)),
        row.getString("provider_message_id"));
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
