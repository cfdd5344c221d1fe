package io.fanfare.analytics;

import io.fanfare.contract.Channel;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Engagement events as recipients, and the machines of their providers, cause them. */
public final class EngagementHistory {

  private static final Instant SENT = DeliveryHistory.firstInstant();

  private EngagementHistory() {}

  /**
   * What so many recipients of a broadcast did: nothing, something, or what scanners do as well.
   */
  public static List<EngagementEvent> random(Random random, UUID broadcast, int recipients) {
    var events = new ArrayList<EngagementEvent>();
    for (int contact = 1; contact <= recipients; contact++) {
      var subject = new Subject(random, broadcast, contact);
      for (int opens = random.nextInt(3); opens > 0; opens--) {
        events.add(subject.event(Kind.OPENED, random.nextInt(7_200_000)));
      }
      for (int clicks = random.nextInt(3); clicks > 0; clicks--) {
        events.add(subject.event(Kind.CLICKED, random.nextInt(7_200_000)));
      }
      if (random.nextInt(4) == 0) {
        // About as long as a burst may be, so that some just are one and some just are not.
        int start = random.nextInt(60_000);
        for (int click = 0; click < 5; click++) {
          events.add(subject.event(Kind.CLICKED, start + random.nextInt(5) * 1_000));
        }
        events.add(subject.event(Kind.OPENED, start + random.nextInt(9_000)));
      }
      if (random.nextInt(4) == 0) {
        events.add(subject.event(Kind.CUSTOM, random.nextInt(7_200_000)));
        events.add(subject.event(Kind.CUSTOM, random.nextInt(7_200_000)));
      }
      if (random.nextInt(6) == 0) {
        events.add(subject.event(Kind.REPLIED, random.nextInt(7_200_000)));
      }
      if (random.nextInt(9) == 0) {
        events.add(subject.event(Kind.UNSUBSCRIBED, random.nextInt(7_200_000)));
      }
    }
    return events;
  }

  /** The same events, a share of them several times and all in another order. */
  public static List<EngagementEvent> withDuplicates(Random random, List<EngagementEvent> events) {
    var delivered = new ArrayList<>(events);
    events.stream().filter(event -> random.nextInt(4) == 0).forEach(delivered::add);
    Collections.shuffle(delivered, random);
    return delivered;
  }

  /** A human's event on the first e-mail recipient's variant, so long after the message. */
  public static EngagementEvent event(
      UUID broadcast, long contact, Kind kind, int link, Duration after) {
    return new EngagementEvent(
        UUID.randomUUID(),
        kind,
        DeliveryHistory.TENANT,
        broadcast,
        contact,
        Channel.EMAIL,
        "a",
        kind == Kind.CLICKED ? link : null,
        kind == Kind.CLICKED ? "https://example.org/" + link : null,
        null,
        null,
        SENT.plus(after),
        SENT,
        120,
        null,
        DeliveryHistory.segmentOf(contact));
  }

  private record Subject(Random random, UUID broadcast, long contact) {

    EngagementEvent event(Kind kind, int afterMillis) {
      int link = 1 + random.nextInt(5);
      boolean click = kind == Kind.CLICKED;
      boolean custom = kind == Kind.CUSTOM;
      return new EngagementEvent(
          new UUID(random.nextLong(), random.nextLong()),
          kind,
          DeliveryHistory.TENANT,
          broadcast,
          contact,
          contact % 3 == 0 ? Channel.TELEGRAM : Channel.EMAIL,
          contact % 2 == 0 ? "a" : "b",
          click ? link : null,
          click ? "https://example.org/" + link : null,
          custom ? "purchase" : null,
          custom ? BigDecimal.valueOf(random.nextInt(10_000), 2) : null,
          SENT.plusMillis(afterMillis),
          contact % 7 == 0 ? null : SENT,
          contact % 5 == 0 ? null : 345,
          random.nextInt(5) == 0 ? "known_scanner" : null,
          DeliveryHistory.segmentOf(contact));
    }
  }
}
