package io.fanfare.analytics.engagement;

import io.fanfare.analytics.counting.Feed;
import io.fanfare.analytics.counting.Figures;
import io.fanfare.contract.Topic;
import io.fanfare.contract.Topics;
import io.fanfare.contract.UndecodableEvent;
import io.fanfare.contract.engagement.EngagementEvent;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** {@code engagement.events}, remembered by the day on which each happened. */
@Component
final class EngagementFeed implements Feed<EngagementEvent> {

  static final int MAX_DAYS_LATE = 100;

  @Override
  public Topic topic() {
    return Topics.ENGAGEMENT_EVENTS;
  }

  @Override
  public String group() {
    return Topics.Groups.ANALYTICS_ENGAGEMENT;
  }

  @Override
  public Class<EngagementEvent> type() {
    return EngagementEvent.class;
  }

  @Override
  public String dedupeTable() {
    return "counted_engagement";
  }

  @Override
  public UUID idOf(EngagementEvent event) {
    return event.eventId();
  }

  @Override
  public LocalDate dayOf(EngagementEvent event) {
    return LocalDate.ofInstant(event.at(), ZoneOffset.UTC);
  }

  @Override
  public LocalDate firstDay(LocalDate writtenOn) {
    return writtenOn.minusDays(MAX_DAYS_LATE);
  }

  @Override
  public void check(EngagementEvent event) {
    if (event.value() != null && !RecipientEvent.isCountable(event.value())) {
      throw new UndecodableEvent("no value can be counted that is as long as this one");
    }
  }

  @Override
  public Figures<EngagementEvent> figures(JdbcClient jdbc) {
    return new EngagementFigures(jdbc);
  }
}
