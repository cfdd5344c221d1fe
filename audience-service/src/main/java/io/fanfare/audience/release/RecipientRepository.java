package io.fanfare.audience.release;

import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.ChannelPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Addresses, opt-outs and fields of contacts as they are now, one query for all commands of a hand-over. */
@Repository
class RecipientRepository {

  private static final String OPTED_OUT =
      """
      , exists (select from opt_out o
                where o.tenant_id = contact.tenant_id and o.contact_id = contact.id
                  and o.channel in ('*', ?)) as is_opted_out
      """;

  private final JdbcTemplate jdbc;

  RecipientRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
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
            + OPTED_OUT
            + " from contact where id = any(?) and tenant_id = ?",
        row -> {
          recipients.put(
              row.getLong("id"),
              row.getBoolean("is_opted_out")
                  ? Recipient.OPTED_OUT
                  : new Recipient(row.getString("address"), variables.read(row), null));
        },
        plan.channel().name(),
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
