package io.fanfare.retry.recipient;

import io.fanfare.contract.delivery.Cause;
import io.fanfare.retry.due.Retry;
import io.fanfare.retry.due.RetryRepository;
import io.fanfare.retry.due.Try;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Who is being tried again: those rows of the due table that are in this bucket. */
@Repository
class RetryingRecipients {

  /** Some of them in the order of contact and channel, and where the next ones begin. */
  record Slice(List<Row> items, @Nullable Position next) {}

  /** A recipient's place in the order. */
  record Position(long contactId, String channel) {}

  /**
   * A recipient that is being tried again.
   *
   * @param attempt the counted try that failed last
   * @param at when it did
   * @param until when the next one is due; null when it is out
   */
  record Row(
      long contactId,
      String channel,
      String variant,
      int attempt,
      @Nullable Instant at,
      @Nullable Cause cause,
      @Nullable Instant until) {}

  private static final String PAGE =
      """
      select * from retry
      where broadcast_id = :broadcast and bucket = 'retrying' and tenant_id = :tenant
        and (cast(:channel as text) is null or channel = :channel)
        and (contact_id, channel) > (:afterContact, :afterChannel)
      order by contact_id, channel limit :limit
      """;

  private final JdbcClient jdbc;
  private final RetryRepository retries;

  RetryingRecipients(JdbcClient jdbc, RetryRepository retries) {
    this.jdbc = jdbc;
    this.retries = retries;
  }

  Slice page(
      UUID tenantId,
      UUID broadcastId,
      @Nullable String channel,
      long afterContact,
      String afterChannel,
      int limit) {
    List<Row> rows =
        jdbc.sql(PAGE)
            .param("broadcast", broadcastId)
            .param("tenant", tenantId)
            .param("channel", channel)
            .param("afterContact", afterContact)
            .param("afterChannel", afterChannel)
            .param("limit", limit)
            .query((row, number) -> row(retries.read(row)))
            .list();
    return new Slice(
        rows,
        rows.size() < limit
            ? null
            : new Position(rows.getLast().contactId(), rows.getLast().channel()));
  }

  private static Row row(Retry retry) {
    Try last = retry.history().isEmpty() ? null : retry.history().getLast();
    return new Row(
        retry.recipient().contactId(),
        retry.recipient().channel().name(),
        retry.variant(),
        last == null ? 0 : last.attempt(),
        last == null ? null : last.at(),
        last == null ? null : cause(last),
        retry.dueAt());
  }

  static @Nullable Cause cause(Try one) {
    return one.code() == null
        ? null
        : new Cause(one.code(), one.detail() == null ? "" : one.detail(), one.providerCode());
  }
}
