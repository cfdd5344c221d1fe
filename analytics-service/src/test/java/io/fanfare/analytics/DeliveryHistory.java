package io.fanfare.analytics;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Delivery events as workers publish them: each recipient's results one after the other. */
public final class DeliveryHistory {

  public static final UUID TENANT = UUID.fromString("018f0000-0000-7000-8000-000000000001");
  public static final LocalDate DAY = LocalDate.now(ZoneOffset.UTC);

  private static final Lane LANE = new Lane(new UUID(0, 7), 0);
  private static final List<Outcome> ENDS =
      List.of(
          Outcome.SENT,
          Outcome.SENT,
          Outcome.SENT,
          Outcome.FAILED,
          Outcome.DEAD,
          Outcome.IN_DOUBT,
          Outcome.SKIPPED,
          Outcome.CANCELLED,
          Outcome.FELL_BACK);
  private static final List<Outcome> STEPS =
      List.of(Outcome.RETRYING, Outcome.RATE_LIMITED, Outcome.RETURNED);

  private DeliveryHistory() {}

  /** A random history of so many recipients of a broadcast over both channels and two variants. */
  public static List<DeliveryEvent> random(Random random, UUID broadcast, int recipients) {
    var events = new ArrayList<DeliveryEvent>();
    for (int contact = 1; contact <= recipients; contact++) {
      var channel = random.nextBoolean() ? Channel.EMAIL : Channel.TELEGRAM;
      var bucket = Bucket.IN_FLIGHT;
      int issue = 1;
      for (int steps = random.nextInt(3); steps > 0; steps--) {
        var step = event(broadcast, contact, channel, issue++, bucket, pick(random, STEPS));
        events.add(step);
        bucket = step.bucketAfter();
      }
      events.add(event(broadcast, contact, channel, issue, bucket, pick(random, ENDS)));
    }
    return events;
  }

  /** The same events, a share of them several times and all in another order. */
  public static List<DeliveryEvent> withDuplicates(Random random, List<DeliveryEvent> events) {
    var delivered = new ArrayList<>(events);
    events.stream().filter(event -> random.nextInt(4) == 0).forEach(delivered::add);
    Collections.shuffle(delivered, random);
    return delivered;
  }

  public static DeliveryEvent event(
      UUID broadcast, long contact, Channel channel, int issue, Bucket before, Outcome outcome) {
    return new DeliveryEvent(
        DeliveryEvent.idOf(broadcast, contact, channel, issue, outcome),
        outcome,
        TENANT,
        broadcast,
        contact,
        channel,
        issue,
        issue,
        before,
        DAY,
        LANE,
        contact % 2 == 0 ? "a" : "b",
        DAY.atStartOfDay().toInstant(ZoneOffset.UTC).plusSeconds(contact % 300),
        outcome == Outcome.SENT ? null : new Cause("code_" + contact % 3, "no luck", null),
        null,
        null,
        segmentOf(contact));
  }

  /** The part of the audience a contact is in; nobody knows it of some. */
  public static @Nullable Integer segmentOf(long contact) {
    return contact % 3 == 0 ? null : (int) (contact % 3);
  }

  public static Instant firstInstant() {
    return DAY.atStartOfDay().toInstant(ZoneOffset.UTC);
  }

  private static Outcome pick(Random random, List<Outcome> outcomes) {
    return outcomes.get(random.nextInt(outcomes.size()));
  }
}
