package io.fanfare.audience.release;

import io.fanfare.audience.message.MessageRepository;
import io.fanfare.audience.quiet.QuietHours;
import io.fanfare.audience.quiet.QuietRepository;
import io.fanfare.audience.run.BroadcastRun;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.contract.contact.ContactSuppression.Suppression;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/**
 * Addresses, opt-outs, quiet hours and fields of contacts as they are now, a query or two for all
 * commands of a hand-over.
 */
@Repository
class RecipientRepository {

  // The ids once more, so that however many have opted out only these are looked up.
  private static final String JOINED =
      """
      , o.opted_out
      from contact left join (
        select contact_id, case when bool_or(category = '*') then 'opted_out'
                                else 'opted_out_of_category' end as opted_out
        from opt_out
        where tenant_id = ? and contact_id = any(?) and channel in ('*', ?)
          and category in ('*', ?)
        group by contact_id
      ) o on o.contact_id = contact.id
      where id = any(?) and tenant_id = ?
      """;

  private final JdbcTemplate jdbc;
  private final MessageRepository messages;
  private final QuietRepository quiet;
  private final Clock clock;

  RecipientRepository(
      JdbcTemplate jdbc, MessageRepository messages, QuietRepository quiet, Clock clock) {
    this.jdbc = jdbc;
    this.messages = messages;
    this.quiet = quiet;
    this.clock = clock;
  }

  /** By contact id; erased contacts are missing. Single messages bring their own variables. */
  Map<Long, Recipient> read(BroadcastRun run, Channel channel, long[] contactIds) {
    Map<Long, Recipient> recipients = readContacts(run, channel, contactIds);
    if (run.control().carriesMessages()) {
      Map<Long, Map<String, Object>> variables = messages.variables(run.broadcastId(), contactIds);
      recipients.replaceAll(
          (contact, recipient) -> recipient.withVariables(variables.get(contact)));
    } else {
      addQuietHours(run, contactIds, recipients);
    }
    return recipients;
  }

  private void addQuietHours(BroadcastRun run, long[] contactIds, Map<Long, Recipient> recipients) {
    QuietRepository.Rules rules = quiet.rules(run.tenantId(), contactIds);
    if (rules == null) {
      return;
    }
    Instant now = clock.instant();
    recipients.replaceAll((contact, recipient) -> {
      QuietHours hours = recipient.address() == null ? null : rules.of(contact);
      return hours == null
          ? recipient
          : recipient.within(hours.at(now, zone(recipient, rules.zone())));
    });
  }

  private static ZoneId zone(Recipient recipient, ZoneId otherwise) {
    return recipient.zone() == null ? otherwise : ZoneId.of(recipient.zone());
  }

  private Map<Long, Recipient> readContacts(BroadcastRun run, Channel channel, long[] contactIds) {
    ChannelPlan plan = run.plan(channel);
    List<ChannelPlan> others = run.control().channelsAfter(channel);
    ContactVariables variables = new ContactVariables(plan.variables());
    Map<Long, Recipient> recipients = HashMap.newHashMap(contactIds.length);
    jdbc.query(
        "select id, "
            + addressColumn(plan.channel())
            + " as address, time_zone as zone"
            + variables.selected()
            + next(others)
            + ", "
            + suppressed(plan.channel())
            + " as is_suppressed"
            + JOINED,
        row -> {
          ChannelPlan next = others.isEmpty() ? null : plan(others, row.getInt("next"));
          recipients.put(row.getLong("id"), recipient(row, variables, next));
        },
        arguments(run, plan, others, contactIds));
    return recipients;
  }

  private static Recipient recipient(
      ResultSet row, ContactVariables variables, @Nullable ChannelPlan next) throws SQLException {
    String optedOut = row.getString("opted_out");
    if (optedOut != null) {
      return Recipient.suppressed(optedOut, next);
    }
    return row.getBoolean("is_suppressed")
        ? Recipient.suppressed(Suppression.ADDRESS_SUPPRESSED, next)
        : new Recipient(row.getString("address"), variables.read(row), null, next)
            .in(row.getString("zone"));
  }

  /** Whether a contact's address is on the suppression list; of a tenant and a channel. */
  private static String suppressed(Channel channel) {
    String address = channel.equals(Channel.EMAIL) ? "lower(email)" : addressColumn(channel);
    return "exists (select from suppression s where s.tenant_id = ? and s.channel = ?"
        + " and s.address = "
        + address
        + ")";
  }

  // The first of the other channels the contact wants messages on and has an address on that no
  // earlier contact has: its place, from 1.
  private static String next(List<ChannelPlan> others) {
    if (others.isEmpty()) {
      return "";
    }
    StringBuilder next = new StringBuilder(", case");
    for (int i = 0; i < others.size(); i++) {
      next.append(" when ")
          .append(addressColumn(others.get(i).channel()))
          .append(
              " is not null and not exists (select from address_taken t where t.broadcast_id = ?"
                  + " and t.channel = ? and t.contact_id = contact.id)"
                  + " and not exists (select from opt_out n where n.tenant_id = ?"
                  + " and n.contact_id = contact.id and n.channel in ('*', ?)"
                  + " and n.category in ('*', ?)) and not ")
          .append(suppressed(others.get(i).channel()))
          .append(" then ")
          .append(i + 1);
    }
    return next.append(" else 0 end as next").toString();
  }

  private static @Nullable ChannelPlan plan(List<ChannelPlan> others, int place) {
    return place == 0 ? null : others.get(place - 1);
  }

  private static Object[] arguments(
      BroadcastRun run, ChannelPlan plan, List<ChannelPlan> others, long[] contactIds) {
    List<Object> arguments = new ArrayList<>();
    String own = run.control().category();
    String category = own == null ? "*" : own;
    for (ChannelPlan other : others) {
      arguments.add(run.broadcastId());
      arguments.add(other.channel().name());
      arguments.add(run.tenantId());
      arguments.add(other.channel().name());
      arguments.add(category);
      arguments.add(run.tenantId());
      arguments.add(other.channel().name());
    }
    arguments.add(run.tenantId());
    arguments.add(plan.channel().name());
    arguments.add(run.tenantId());
    arguments.add(contactIds);
    arguments.add(plan.channel().name());
    arguments.add(category);
    arguments.add(contactIds);
    arguments.add(run.tenantId());
    return arguments.toArray();
  }

  private static String addressColumn(Channel channel) {
    if (channel.equals(Channel.EMAIL)) {
      return "email";
    }
    return channel.equals(Channel.TELEGRAM) ? "telegram_chat_id::text" : "null::text";
  }
}
