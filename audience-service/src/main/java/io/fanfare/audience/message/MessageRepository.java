package io.fanfare.audience.message;

import io.fanfare.contract.message.MessageAccepted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Single messages and what this service has done with them. */
@Repository
public class MessageRepository {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private final JdbcTemplate jdbc;

  MessageRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Keeps messages; answers those that were not known, each once. */
  List<MessageAccepted> keep(List<MessageAccepted> messages) {
    Set<UUID> fresh =
        new HashSet<>(
            jdbc.queryForList(
                """
                insert into message (broadcast_id, contact_id, message_id, variables)
                select * from unnest(?::uuid[], ?::bigint[], ?::uuid[], ?::jsonb[])
                order by 1, 2
                on conflict do nothing
                returning message_id
                """,
                UUID.class,
                texts(messages, message -> message.broadcastId().toString()),
                messages.stream().mapToLong(MessageAccepted::contactId).toArray(),
                texts(messages, message -> message.messageId().toString()),
                texts(messages, message -> JSON.writeValueAsString(message.variables()))));
    List<MessageAccepted> kept = new ArrayList<>(fresh.size());
    for (MessageAccepted message : messages) {
      if (fresh.remove(message.messageId())) {
        kept.add(message);
      }
    }
    return kept;
  }

  /** Forgets what messages were to say to a contact. */
  void forgetVariables(long contactId) {
    jdbc.update("update message set variables = '{}' where contact_id = ?", contactId);
  }

  /** Makes a broadcast's recipients on a lane more. */
  void addPlanned(MessageIntake.Target target, int recipients) {
    jdbc.update(
        """
        insert into run_lane as l (broadcast_id, channel, account_id, shard, planned, pending)
        values (?, ?, ?, ?, ?, ?)
        on conflict (broadcast_id, channel, account_id, shard) do update
        set planned = l.planned + excluded.planned, pending = l.pending + excluded.pending
        """,
        target.broadcastId(),
        target.channel().name(),
        target.lane().accountId(),
        target.lane().shard(),
        recipients,
        recipients);
  }

  void addLane(MessageIntake.Target target) {
    jdbc.update(
        "insert into lane (account_id, shard, channel) values (?, ?, ?) on conflict do nothing",
        target.lane().accountId(),
        target.lane().shard(),
        target.channel().name());
  }

  void addChunk(MessageIntake.Target target, long[] contactIds) {
    jdbc.update(
        """
        insert into chunk
          (broadcast_id, channel, account_id, shard, variant, issue, contact_ids, size)
        values (?, ?, ?, ?, ?, 1, ?, ?)
        """,
        target.broadcastId(),
        target.channel().name(),
        target.lane().accountId(),
        target.lane().shard(),
        MessageIntake.VARIANT,
        contactIds,
        contactIds.length);
  }

  /** The variables of a broadcast's messages, by contact. */
  public Map<Long, Map<String, Object>> variables(UUID broadcastId, long[] contactIds) {
    Map<Long, Map<String, Object>> variables = HashMap.newHashMap(contactIds.length);
    jdbc.query(
        "select contact_id, variables from message where broadcast_id = ? and contact_id = any(?)",
        row -> {
          variables.put(
              row.getLong("contact_id"), JSON.readValue(row.getString("variables"), OBJECT));
        },
        broadcastId,
        contactIds);
    return variables;
  }

  /** Says why recipients were skipped; nobody's when the broadcast carries no messages. */
  public void markSkipped(UUID broadcastId, long[] contactIds, String reason) {
    jdbc.update(
        "update message set skipped = ? where broadcast_id = ? and contact_id = any(?)",
        reason,
        broadcastId,
        contactIds);
  }

  /** Of some messages those that were skipped, and why. */
  Map<UUID, String> skipped(UUID tenantId, List<UUID> messageIds, List<UUID> broadcastIds) {
    Map<UUID, String> skipped = new HashMap<>();
    jdbc.query(
        """
        select m.message_id, m.skipped
        from message m join broadcast_run r on r.broadcast_id = m.broadcast_id
        where m.broadcast_id = any(?::uuid[]) and m.message_id = any(?::uuid[])
          and m.skipped is not null and r.tenant_id = ?
        """,
        row -> {
          skipped.put(row.getObject("message_id", UUID.class), row.getString("skipped"));
        },
        broadcastIds.stream().map(UUID::toString).toArray(String[]::new),
        messageIds.stream().map(UUID::toString).toArray(String[]::new),
        tenantId);
    return skipped;
  }

  private static String[] texts(
      List<MessageAccepted> messages, Function<MessageAccepted, String> text) {
    return messages.stream().map(text).toArray(String[]::new);
  }
}
