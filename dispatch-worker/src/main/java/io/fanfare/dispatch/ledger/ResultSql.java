package io.fanfare.dispatch.ledger;

import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.send.SendMessage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The result statement: one row per ended command, numbered by the incarnation that records it. */
final class ResultSql {

  private static final String INSERT =
      """
      insert into result (ledger_day, broadcast_id, contact_id, channel, issue, outcome, position, incarnation, sequence,
                          at, retry_at, cause_code, cause_detail, provider_code, provider_message_id, chat)
      select ?, r.broadcast_id, r.contact_id, r.channel, r.issue, r.outcome, r.position, ?, ? + r.position,
             timestamptz 'epoch' + r.at * interval '1 microsecond',
             timestamptz 'epoch' + r.retry_at * interval '1 microsecond',
             r.cause_code, r.cause_detail, r.provider_code, r.provider_message_id, r.chat
      from unnest(?::uuid[], ?::bigint[], ?::text[], ?::int[], ?::smallint[], ?::smallint[], ?::bigint[], ?::bigint[],
                  ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[])
             as r(broadcast_id, contact_id, channel, issue, outcome, position, at, retry_at,
                  cause_code, cause_detail, provider_code, provider_message_id, chat)
      on conflict do nothing
      returning position
      """;

  private ResultSql() {}

  /**
   * Records the ends of one ledger day.
   *
   * @param firstSequence the sequence of the entry at position 0
   * @param chosen the positions to record, all of {@code day}
   * @return the positions inserted; the others had ended before
   */
  static BitSet insert(
      Connection connection,
      long incarnation,
      long firstSequence,
      LocalDate day,
      List<LedgerEntry> entries,
      BitSet chosen)
      throws SQLException {
    int n = chosen.cardinality();
    var broadcasts = new UUID[n];
    var contacts = new long[n];
    var channels = new String[n];
    var issues = new int[n];
    var outcomes = new short[n];
    var positions = new short[n];
    var at = new long[n];
    var retryAt = new @Nullable Long[n];
    var codes = new @Nullable String[n];
    var details = new @Nullable String[n];
    var providerCodes = new @Nullable String[n];
    var providerIds = new @Nullable String[n];
    var chats = new @Nullable Long[n];
    int i = 0;
    for (int k = chosen.nextSetBit(0); k >= 0; k = chosen.nextSetBit(k + 1)) {
      LedgerEntry entry = entries.get(k);
      SendMessage command = entry.command();
      Cause cause = entry.cause();
      broadcasts[i] = command.broadcastId();
      contacts[i] = command.contactId();
      channels[i] = command.channel().name();
      issues[i] = command.issue();
      outcomes[i] = LedgerCodes.of(entry.outcome());
      positions[i] = (short) k;
      at[i] = micros(entry.at());
      Instant retry = entry.retryAt();
      retryAt[i] = retry == null ? null : micros(retry);
      codes[i] = cause == null ? null : storable(cause.code());
      details[i] = cause == null ? null : storable(cause.detail());
      providerCodes[i] = cause == null ? null : storable(cause.providerCode());
      providerIds[i] = storable(entry.providerMessageId());
      chats[i] = entry.chat();
      i++;
    }
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      int p = 1;
      statement.setObject(p++, day);
      statement.setLong(p++, incarnation);
      statement.setLong(p++, firstSequence);
      statement.setArray(p++, connection.createArrayOf("uuid", broadcasts));
      statement.setObject(p++, contacts);
      statement.setArray(p++, connection.createArrayOf("text", channels));
      statement.setObject(p++, issues);
      statement.setObject(p++, outcomes);
      statement.setObject(p++, positions);
      statement.setObject(p++, at);
      statement.setArray(p++, connection.createArrayOf("int8", retryAt));
      statement.setArray(p++, connection.createArrayOf("text", codes));
      statement.setArray(p++, connection.createArrayOf("text", details));
      statement.setArray(p++, connection.createArrayOf("text", providerCodes));
      statement.setArray(p++, connection.createArrayOf("text", providerIds));
      statement.setArray(p, connection.createArrayOf("int8", chats));
      return ClaimSql.positions(statement);
    }
  }

  /** PostgreSQL's text cannot hold a NUL, a provider's answer can. */
  private static @Nullable String storable(@Nullable String text) {
    return text == null || text.indexOf('\0') < 0 ? text : text.replace('\0', ' ');
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
