package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.dispatch.engagement.telegram.UpdatePlanner.About;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Finds in the ledger the messages that answers are about, and keeps when an update was first seen.
 * At most two statements at one time: the pool is the senders'.
 */
@Repository
class ChatMessages {

  private static final String FIND =
      """
      select k.n, m.tenant_id, m.broadcast_id, m.contact_id, m.variant, m.segment, m.at
      from unnest(?::int[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[])
             as k(n, chat, message, earliest, latest)
      cross join lateral (
        select c.tenant_id, r.broadcast_id, r.contact_id, c.variant, c.segment, r.at
        from result r
        join claim c on c.ledger_day = r.ledger_day and c.broadcast_id = r.broadcast_id
          and c.contact_id = r.contact_id and c.channel = r.channel and c.issue = r.issue
        where r.chat = k.chat
          and (k.message is null or r.provider_message_id = k.message)
          and (k.earliest is null or r.at between timestamptz 'epoch' + k.earliest * interval '1 second'
                                              and timestamptz 'epoch' + k.latest * interval '1 second')
          and c.account_id = any(?::uuid[])
        order by r.at desc
        limit 1
      ) m
      """;

  private static final String SEEN =
      """
      insert into update_seen as s (bot, update_id, at)
      select ?, n, ? from unnest(?::bigint[]) as n order by n
      on conflict (bot, update_id) do update set at = s.at
      returning update_id, at
      """;

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final Semaphore turns = new Semaphore(2, true);

  ChatMessages(DataSource dataSource) {
    jdbc = new JdbcTemplate(dataSource);
    transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
  }

  /**
   * The messages that are known.
   *
   * @param accounts whose messages they may be
   * @param asked by any number
   * @return by the same number
   */
  Map<Integer, ChatMessage> find(List<UUID> accounts, Map<Integer, About> asked) {
    if (asked.isEmpty()) {
      return Map.of();
    }
    int size = asked.size();
    int[] numbers = new int[size];
    long[] chats = new long[size];
    var messages = new @Nullable String[size];
    var earliest = new @Nullable Long[size];
    var latest = new @Nullable Long[size];
    int i = 0;
    for (Map.Entry<Integer, About> each : asked.entrySet()) {
      numbers[i] = each.getKey();
      switch (each.getValue()) {
        case About.Message(long chat, long messageId) -> {
          chats[i] = chat;
          messages[i] = Long.toString(messageId);
        }
        case About.Newest(long chat, Instant from, Instant to) -> {
          chats[i] = chat;
          earliest[i] = from.getEpochSecond();
          latest[i] = to.getEpochSecond();
        }
      }
      i++;
    }
    Map<Integer, ChatMessage> found = new HashMap<>();
    inTurn(() -> {
      // A new day has no statistics yet; a hash join would read all of it for some rows. A plan
      // over
      // all days is dear enough to be compiled, which takes a minute for what takes milliseconds.
      jdbc.execute(
          "set local jit = off; set local enable_hashjoin = off; set local enable_mergejoin = off");
      jdbc.query(
          FIND,
          row -> {
            found.put(row.getInt("n"), message(row));
          },
          numbers,
          chats,
          messages,
          earliest,
          latest,
          accounts.toArray(UUID[]::new));
    });
    return found;
  }

  private static ChatMessage message(ResultSet row) throws SQLException {
    return new ChatMessage(
        row.getObject("tenant_id", UUID.class),
        row.getObject("broadcast_id", UUID.class),
        row.getLong("contact_id"),
        row.getString("variant"),
        row.getObject("segment", Integer.class),
        row.getObject("at", OffsetDateTime.class).toInstant().truncatedTo(ChronoUnit.SECONDS));
  }

  /** When each of some updates was seen for the first time, which may be now. */
  Map<Long, Instant> firstSeen(String bot, List<Long> updates, Instant now) {
    Map<Long, Instant> seen = new HashMap<>();
    if (!updates.isEmpty()) {
      inTurn(() ->
          jdbc.query(
              SEEN,
              row -> {
                seen.put(
                    row.getLong("update_id"),
                    row.getObject("at", OffsetDateTime.class).toInstant());
              },
              bot,
              now.atOffset(ZoneOffset.UTC),
              updates.stream().mapToLong(Long::longValue).distinct().toArray()));
    }
    return seen;
  }

  /** Forgets what no provider tells again. */
  void forgetSeenBefore(Instant time) {
    inTurn(
        () -> jdbc.update("delete from update_seen where at < ?", time.atOffset(ZoneOffset.UTC)));
  }

  private void inTurn(Runnable work) {
    turns.acquireUninterruptibly();
    try {
      transaction.executeWithoutResult(status -> work.run());
    } finally {
      turns.release();
    }
  }
}
