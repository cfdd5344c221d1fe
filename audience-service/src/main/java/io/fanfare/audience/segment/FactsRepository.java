package io.fanfare.audience.segment;

import io.fanfare.audience.segment.filter.ContactFacts;
import io.fanfare.audience.segment.filter.ContactFacts.Done;
import io.fanfare.audience.segment.filter.ContactField;
import io.fanfare.audience.segment.filter.Filter;
import io.fanfare.audience.segment.filter.Filter.Behaved;
import io.fanfare.audience.segment.filter.Filter.Behaviour;
import io.fanfare.audience.segment.filter.Filter.InList;
import io.fanfare.audience.segment.filter.Filters;
import io.fanfare.contract.Channel;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Reads of one contact what a filter asks for. */
@Repository
class FactsRepository {

  private final JdbcTemplate jdbc;

  FactsRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  Optional<ContactFacts> find(UUID tenantId, long contactId, Filter filter) {
    Set<UUID> lists = new HashSet<>();
    Set<UUID> broadcasts = new HashSet<>();
    Filters.nodes(filter)
        .forEach(node -> {
          switch (node) {
            case InList list -> lists.add(list.listId());
            case Behaved behaved -> broadcasts.add(behaved.broadcastId());
            default -> {}
          }
        });
    Set<UUID> on =
        new HashSet<>(
            jdbc.queryForList(
                "select list_id from list_member where contact_id = ? and list_id = any(?::uuid[])",
                UUID.class,
                contactId,
                texts(lists)));
    Set<String> optedOut =
        new HashSet<>(
            jdbc.queryForList(
                "select channel from opt_out"
                    + " where tenant_id = ? and contact_id = ? and category = '*'",
                String.class,
                tenantId,
                contactId));
    List<Done> done =
        jdbc.query(
            """
            select broadcast_id, channel, sent_at, opened_at, clicked_at, replied_at, links
            from contact_behaviour
            where tenant_id = ? and contact_id = ? and broadcast_id = any(?::uuid[])
            order by broadcast_id, channel
            """,
            FactsRepository::done,
            tenantId,
            contactId,
            texts(broadcasts));
    Map<Behaviour, Instant> lastDone =
        jdbc
            .query(
                """
                select opened_at, clicked_at, replied_at from contact_activity
                where tenant_id = ? and contact_id = ?
                """,
                (row, index) -> times(row, Behaviour.OPENED, Behaviour.CLICKED, Behaviour.REPLIED),
                tenantId,
                contactId)
            .stream()
            .findFirst()
            .orElse(Map.of());
    return jdbc
        .query(
            """
            select id, external_id, name, email, phone, telegram_chat_id, language, time_zone,
                   country, city, roles, tags, custom, created_at, updated_at
            from contact where tenant_id = ? and id = ?
            """,
            (row, index) -> facts(row, on, optedOut, done, lastDone),
            tenantId,
            contactId)
        .stream()
        .findFirst();
  }

  private static ContactFacts facts(
      ResultSet row,
      Set<UUID> lists,
      Set<String> optedOut,
      List<Done> done,
      Map<Behaviour, Instant> lastDone)
      throws SQLException {
    Map<ContactField, String> texts = new EnumMap<>(ContactField.class);
    for (ContactField field : ContactField.values()) {
      String text = field.kind() == ContactField.Kind.TEXT ? row.getString(field.id()) : null;
      if (text != null) {
        texts.put(field, text);
      }
    }
    return new ContactFacts(
        row.getLong("id"),
        row.getObject("telegram_chat_id", Long.class),
        texts,
        Set.of((String[]) row.getArray("roles").getArray()),
        Set.of((String[]) row.getArray("tags").getArray()),
        SegmentRepository.JSON.readTree(row.getString("custom")),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant(),
        lists,
        optedOut,
        done,
        lastDone);
  }

  private static Done done(ResultSet row, int index) throws SQLException {
    Array links = row.getArray("links");
    return new Done(
        row.getObject("broadcast_id", UUID.class),
        Channel.of(row.getString("channel")),
        times(row, Behaviour.values()),
        links == null ? Set.of() : Set.of((Integer[]) links.getArray()));
  }

  private static Map<Behaviour, Instant> times(ResultSet row, Behaviour... behaviours)
      throws SQLException {
    Map<Behaviour, Instant> times = new EnumMap<>(Behaviour.class);
    for (Behaviour behaviour : behaviours) {
      @Nullable OffsetDateTime at = row.getObject(behaviour.id() + "_at", OffsetDateTime.class);
      if (at != null) {
        times.put(behaviour, at.toInstant());
      }
    }
    return times;
  }

  private static String[] texts(Set<UUID> ids) {
    return ids.stream().map(UUID::toString).toArray(String[]::new);
  }
}
