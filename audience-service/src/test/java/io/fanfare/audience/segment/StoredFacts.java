package io.fanfare.audience.segment;

import io.fanfare.audience.segment.filter.ContactFacts;
import io.fanfare.audience.segment.filter.ContactFacts.Done;
import io.fanfare.audience.segment.filter.ContactField;
import io.fanfare.audience.segment.filter.Filter.Behaviour;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** Writes contacts with all that is known of them into the tables filters look into. */
final class StoredFacts {

  private StoredFacts() {}

  static void store(JdbcTemplate jdbc, UUID tenant, List<ContactFacts> contacts) {
    List<Object[]> rows = new ArrayList<>();
    List<Object[]> members = new ArrayList<>();
    List<Object[]> optOuts = new ArrayList<>();
    List<Object[]> done = new ArrayList<>();
    List<Object[]> activity = new ArrayList<>();
    for (ContactFacts contact : contacts) {
      rows.add(row(tenant, contact));
      contact.lists().forEach(list -> members.add(new Object[] {list, contact.id()}));
      contact
          .optedOut()
          .forEach(channel -> optOuts.add(new Object[] {tenant, contact.id(), channel}));
      contact.done().forEach(one -> done.add(done(tenant, contact, one)));
      Map<Behaviour, Instant> last = contact.lastDone();
      if (!last.isEmpty()) {
        activity.add(
            new Object[] {
              contact.id(),
              tenant,
              at(last.get(Behaviour.OPENED)),
              at(last.get(Behaviour.CLICKED)),
              at(last.get(Behaviour.REPLIED)),
              at(last.values().stream().max(Instant::compareTo).orElseThrow())
            });
      }
    }
    jdbc.batchUpdate(
        """
        insert into contact (id, tenant_id, external_id, name, email, phone, telegram_chat_id,
          language, time_zone, country, city, roles, tags, custom, created_at, updated_at)
        overriding system value
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?)
        """,
        rows);
    jdbc.batchUpdate("insert into list_member values (?, ?)", members);
    jdbc.batchUpdate(
        """
        insert into opt_out (tenant_id, contact_id, channel, actor, opted_out_at)
        values (?, ?, ?, 'test', now())
        """,
        optOuts);
    // Who wants none of a category is not opted out of a channel.
    jdbc.update(
        """
        insert into opt_out (tenant_id, contact_id, channel, category, actor, opted_out_at)
        select tenant_id, id, '*', 'news', 'test', now() from contact where tenant_id = ?
        """,
        tenant);
    jdbc.batchUpdate(
        """
        insert into contact_behaviour (tenant_id, contact_id, broadcast_id, channel, sent_at,
          opened_at, clicked_at, replied_at, links)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        done);
    jdbc.batchUpdate(
        """
        insert into contact_activity
          (contact_id, tenant_id, opened_at, clicked_at, replied_at, active_at)
        values (?, ?, ?, ?, ?, ?)
        """,
        activity);
  }

  private static Object[] row(UUID tenant, ContactFacts contact) {
    Map<ContactField, String> texts = contact.texts();
    return new Object[] {
      contact.id(),
      tenant,
      texts.get(ContactField.EXTERNAL_ID),
      texts.get(ContactField.NAME),
      texts.get(ContactField.EMAIL),
      texts.get(ContactField.PHONE),
      contact.telegramChatId(),
      texts.get(ContactField.LANGUAGE),
      texts.get(ContactField.TIME_ZONE),
      texts.get(ContactField.COUNTRY),
      texts.get(ContactField.CITY),
      contact.roles().toArray(String[]::new),
      contact.tags().toArray(String[]::new),
      contact.custom().toString(),
      at(contact.createdAt()),
      at(contact.updatedAt())
    };
  }

  private static Object[] done(UUID tenant, ContactFacts contact, Done done) {
    Map<Behaviour, Instant> what = done.what();
    return new Object[] {
      tenant,
      contact.id(),
      done.broadcastId(),
      done.channel().name(),
      at(what.get(Behaviour.SENT)),
      at(what.get(Behaviour.OPENED)),
      at(what.get(Behaviour.CLICKED)),
      at(what.get(Behaviour.REPLIED)),
      done.links().toArray(Integer[]::new)
    };
  }

  private static Timestamp at(Instant instant) {
    return instant == null ? null : Timestamp.from(instant);
  }
}
