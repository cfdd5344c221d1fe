package io.fanfare.analytics.counting;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Remembers which events were counted. */
@Repository
public class CountedEventRepository {

  private static final String REMEMBER =
      """
      insert into %s (ledger_day, event_id)
      select * from unnest(cast(:days as date[]), cast(:events as uuid[]))
      on conflict do nothing
      returning event_id
      """;

  private final JdbcClient jdbc;

  public CountedEventRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Remembers the events as counted, in the transaction that counts them.
   *
   * @return those that were not known before, each once, in their order
   */
  public <E extends Record> List<E> firstSeen(Feed<E> feed, List<E> events) {
    Set<UUID> unseen =
        new HashSet<>(
            jdbc.sql(REMEMBER.formatted(feed.dedupeTable()))
                .param("days", texts(events.stream().map(feed::dayOf).toList()))
                .param("events", texts(events.stream().map(feed::idOf).toList()))
                .query((row, number) -> row.getObject("event_id", UUID.class))
                .list());
    List<E> first = new ArrayList<>(unseen.size());
    for (E event : events) {
      // Removed when taken: a second delivery within the batch comes too late.
      if (unseen.remove(feed.idOf(event))) {
        first.add(event);
      }
    }
    return first;
  }

  private static String[] texts(List<?> values) {
    return values.stream().map(Object::toString).toArray(String[]::new);
  }
}
