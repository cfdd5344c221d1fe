package io.fanfare.audience.release;

import io.fanfare.audience.message.MessageRepository;
import io.fanfare.audience.run.BroadcastRun;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.ChannelPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Addresses and fields of contacts as they are now, one query for all commands of a hand-over. */
@Repository
class RecipientRepository {

  private final JdbcTemplate jdbc;
  private final MessageRepository messages;

  RecipientRepository(JdbcTemplate jdbc, MessageRepository messages) {
    this.jdbc = jdbc;
    this.messages = messages;
  }

  /** Recipients of a broadcast; single messages bring their own variables. */
  Map<Long, Recipient> read(BroadcastRun run, Channel channel, long[] contactIds) {
    Map<Long, Recipient> recipients = read(run.tenantId(), run.plan(channel), contactIds);
    if (run.control().carriesMessages()) {
      Map<Long, Map<String, Object>> variables = messages.variables(run.broadcastId(), contactIds);
      recipients.replaceAll(
          (contact, recipient) -> recipient.withVariables(variables.get(contact)));
    }
    return recipients;
  }

  /** By contact id; erased contacts are missing. */
  Map<Long, Recipient> read(UUID tenantId, ChannelPlan plan, long[] contactIds) {
    ContactVariables variables = new ContactVariables(plan.variables());
    Map<Long, Recipient> recipients = HashMap.newHashMap(contactIds.length);
    jdbc.query(
        "select id, "
            + addressColumn(plan.channel())
            + " as address"
            + variables.selected()
            + " from contact where id = any(?) and tenant_id = ?",
        row -> {
          recipients.put(
              row.getLong("id"), new Recipient(row.getString("address"), variables.read(row)));
        },
        contactIds,
        tenantId);
    return recipients;
  }

  private static String addressColumn(Channel channel) {
    if (channel.equals(Channel.EMAIL)) {
      return "email";
    }
    return channel.equals(Channel.TELEGRAM) ? "telegram_chat_id::text" : "null::text";
  }
}
