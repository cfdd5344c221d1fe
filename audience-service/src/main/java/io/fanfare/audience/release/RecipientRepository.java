package io.fanfare.audience.release;

import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.ChannelPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/**
 * Addresses, opt-outs and fields of contacts as they are now, one query for all commands of a
 * hand-over.
 */
@Repository
class RecipientRepository {

  // The ids once more, so that however many have opted out only these are looked up.
  private static final String JOINED =
      """
      , opted_out is not null as is_opted_out
      from contact left join (
        select distinct contact_id as opted_out
        from opt_out where tenant_id = ? and contact_id = any(?) and channel in ('*', ?)
      ) o on o.opted_out = contact.id
      where id = any(?) and tenant_id = ?
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
            + JOINED,
        row -> {
          recipients.put(
              row.getLong("id"),
              row.getBoolean("is_opted_out")
                  ? Recipient.OPTED_OUT
                  : new Recipient(row.getString("address"), variables.read(row), null));
        },
        tenantId,
        contactIds,
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
