package io.fanfare.analytics.delivery;

import io.fanfare.contract.delivery.DeliveryEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Remembers which events were counted. */
@Repository
class CountedEventRepository {

  private static final String REMEMBER =
      """
      insert into counted_event (ledger_day, event_id)
      select * from unnest(cast(:days as date[]), cast(:events as uuid[]))
      on conflict do nothing
      returning event_id
      """;

  private final JdbcClient jdbc;

  CountedEventRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Remembers the events as counted, in the transaction that counts them.
   *
   * @return those that were not known before, each once, in their order
   */
  List<DeliveryEvent> firstSeen(List<DeliveryEvent> events) {
    Set<UUID> unseen =
        new HashSet<>(
            jdbc.sql(REMEMBER)
                .param("days", texts(events.stream().map(DeliveryEvent::ledgerDay).toList()))
                .param("events", texts(events.stream().map(DeliveryEvent::eventId).toList()))
                .query((row, number) -> row.getObject("event_id", UUID.class))
                .list());
    List<DeliveryEvent> first = new ArrayList<>(unseen.size());
    for (DeliveryEvent event : events) {
      // Removed when taken: a second delivery within the batch comes too late.
      if (unseen.remove(event.eventId())) {
        first.add(event);
      }
    }
    return first;
  }

  private static String[] texts(List<?> values) {
    return values.stream().map(Object::toString).toArray(String[]::new);
  }
}
