package io.fanfare.dispatch.ledger;

import io.fanfare.contract.Topics;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.DeliveryProgress;
import io.fanfare.support.kafka.EventProducer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what an ended incarnation recorded and the broker may not have: its events above the
 * last acknowledged one, in order, and all its counters. Readers know both by id and sequence, so
 * that publishing twice is harmless.
 */
final class Settlement {

  private static final int PAGE = 1_000;

  private static final String UNPUBLISHED =
      """
      select c.*, r.outcome, r.at, r.retry_at, r.cause_code, r.cause_detail, r.provider_code, r.provider_message_id
      from result r join claim c on c.ledger_day = r.ledger_day and c.broadcast_id = r.broadcast_id
        and c.contact_id = r.contact_id and c.channel = r.channel and c.issue = r.issue
      where r.incarnation = ? and r.sequence > (select published_up_to from lease where incarnation = ?)
      order by r.sequence
      """;

  private static final String COUNTERS =
      """
      select k.*, i.id from counter k join incarnation i on i.number = k.incarnation
      where k.incarnation = ?
      """;

  private final EventProducer producer;

  Settlement(EventProducer producer) {
    this.producer = producer;
  }

  /** Publishes and marks the incarnation as settled; to be run in a transaction. */
  void run(Connection connection, long incarnation) throws SQLException {
    publishEvents(connection, incarnation);
    publishCounters(connection, incarnation);
    try (PreparedStatement statement =
        connection.prepareStatement("update incarnation set settled_at = now() where number = ?")) {
      statement.setLong(1, incarnation);
      statement.executeUpdate();
    }
  }

  private void publishEvents(Connection connection, long incarnation) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(UNPUBLISHED)) {
      statement.setFetchSize(PAGE);
      statement.setLong(1, incarnation);
      statement.setLong(2, incarnation);
      List<CompletableFuture<?>> page = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          LedgerEntry entry = entry(row);
          String key = Long.toString(entry.command().contactId());
          page.add(producer.send(Topics.DELIVERY_EVENTS, key, entry.event()));
          awaitFull(page, PAGE);
        }
      }
      awaitFull(page, 1);
    }
  }

  private void publishCounters(Connection connection, long incarnation) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COUNTERS)) {
      statement.setFetchSize(PAGE);
      statement.setLong(1, incarnation);
      List<CompletableFuture<?>> page = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          DeliveryProgress progress = CounterSql.progress(row, row.getObject("id", UUID.class));
          page.add(producer.send(Topics.DELIVERY_PROGRESS, progress.key(), progress));
          awaitFull(page, PAGE);
        }
      }
      awaitFull(page, 1);
    }
  }

  private static void awaitFull(List<CompletableFuture<?>> page, int size) {
    if (page.size() >= size) {
      CompletableFuture.allOf(page.toArray(CompletableFuture[]::new)).join();
      page.clear();
    }
  }

  private static LedgerEntry entry(ResultSet row) throws SQLException {
    String causeCode = row.getString("cause_code");
    OffsetDateTime retryAt = row.getObject("retry_at", OffsetDateTime.class);
    return new LedgerEntry(
        Takeover.command(row),
        LedgerCodes.outcome(row.getInt("outcome")),
        row.getObject("at", OffsetDateTime.class).toInstant(),
        causeCode == null ? null : cause(row, causeCode),
        retryAt == null ? null : retryAt.toInstant(),
        row.getString("provider_message_id"),
        null,
        ClaimDecision.NO_PREDECESSOR,
        false,
        (entry, recorded) -> {});
  }

  private static Cause cause(ResultSet row, String code) throws SQLException {
    @Nullable String detail = row.getString("cause_detail");
    return new Cause(code, detail == null ? "" : detail, row.getString("provider_code"));
  }
}
