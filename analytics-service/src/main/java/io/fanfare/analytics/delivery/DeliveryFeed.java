package io.fanfare.analytics.delivery;

import io.fanfare.analytics.counting.Feed;
import io.fanfare.analytics.counting.Figures;
import io.fanfare.contract.Topic;
import io.fanfare.contract.Topics;
import io.fanfare.contract.delivery.DeliveryEvent;
import java.time.LocalDate;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** {@code delivery.events}, remembered by ledger day. */
@Component
final class DeliveryFeed implements Feed<DeliveryEvent> {

  private static final LocalDate FIRST_LEDGER_DAY = LocalDate.of(2020, 1, 1);

  @Override
  public Topic topic() {
    return Topics.DELIVERY_EVENTS;
  }

  @Override
  public String group() {
    return Topics.Groups.ANALYTICS_DELIVERY;
  }

  @Override
  public Class<DeliveryEvent> type() {
    return DeliveryEvent.class;
  }

  @Override
  public String dedupeTable() {
    return "counted_event";
  }

  @Override
  public UUID idOf(DeliveryEvent event) {
    return event.eventId();
  }

  @Override
  public LocalDate dayOf(DeliveryEvent event) {
    return event.ledgerDay();
  }

  @Override
  public LocalDate firstDay(LocalDate writtenOn) {
    return FIRST_LEDGER_DAY;
  }

  @Override
  public Figures<DeliveryEvent> figures(JdbcClient jdbc) {
    CountRepository counts = new CountRepository(jdbc);
    return events -> counts.add(DeliveryTally.of(events));
  }
}
