package io.fanfare.dispatch.engagement.intake;

import io.fanfare.contract.Channel;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Reads the ledger: whose a broadcast is, and what was sent to whom. */
@Repository
class SentMessageRepository {

  /** One contact on one channel in one broadcast. */
  record Recipient(UUID broadcastId, long contactId, Channel channel) {}

  /** The day has to be found first: it is the first column of every key of the ledger. */
  private static final String BROADCAST =
      """
      select d.day, f.tenant_id
      from (select to_date(substr(p.relname, 7), 'YYYYMMDD') as day
            from pg_inherits i join pg_class p on p.oid = i.inhrelid
            where i.inhparent = 'claim'::regclass
            order by 1 desc) d
      cross join lateral (
        select c.tenant_id from claim c
        where c.ledger_day = d.day and c.broadcast_id = ? limit 1) f
      limit 1
      """;

  /** Without a result it may be sent by now; outcome 1 is sent, 6 in doubt. */
  private static final String SENT =
      """
      select k.broadcast_id, k.contact_id, k.channel, s.variant, s.segment, s.claimed_at
      from unnest(?::uuid[], ?::bigint[], ?::text[]) as k(broadcast_id, contact_id, channel)
      cross join lateral (
        select c.variant, c.segment, c.claimed_at
        from claim c
        left join result r on r.ledger_day = c.ledger_day and r.broadcast_id = c.broadcast_id
          and r.contact_id = c.contact_id and r.channel = c.channel and r.issue = c.issue
        where c.ledger_day = ? and c.broadcast_id = k.broadcast_id
          and c.contact_id = k.contact_id and c.channel = k.channel
          and (r.outcome is null or r.outcome in (1, 6))
        order by c.issue limit 1
      ) s
      """;

  private final JdbcTemplate jdbc;

  SentMessageRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** A broadcast of which something was claimed and not forgotten. */
  Optional<FiledBroadcast> findBroadcast(UUID broadcastId) {
    return jdbc
        .query(
            BROADCAST,
            (row, index) ->
                new FiledBroadcast(
                    broadcastId,
                    row.getObject("tenant_id", UUID.class),
                    row.getObject("day", LocalDate.class)),
            broadcastId)
        .stream()
        .findFirst();
  }

  /** Those of some recipients to whom something was sent, or may have been. */
  Map<Recipient, SentMessage> findSent(LocalDate ledgerDay, List<Recipient> recipients) {
    Map<Recipient, SentMessage> sent = HashMap.newHashMap(recipients.size());
    jdbc.query(
        SENT,
        row -> {
          sent.put(
              new Recipient(
                  row.getObject("broadcast_id", UUID.class),
                  row.getLong("contact_id"),
                  Channel.of(row.getString("channel"))),
              new SentMessage(
                  row.getString("variant"),
                  row.getObject("segment", Integer.class),
                  row.getObject("claimed_at", OffsetDateTime.class).toInstant()));
        },
        recipients.stream().map(r -> r.broadcastId().toString()).toArray(String[]::new),
        recipients.stream().mapToLong(Recipient::contactId).toArray(),
        recipients.stream().map(r -> r.channel().name()).toArray(String[]::new),
        ledgerDay);
    return sent;
  }
}
