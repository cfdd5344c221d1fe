package io.fanfare.benchmark.asking;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.Topics;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Invents what became of one broadcast and what its recipients did, in about the order in which it
 * would happen: sent over a day, answered over six, on two channels, in four variants with twenty
 * links each, through five parts of an audience, one event in five a machine's.
 */
final class AskedHistory {

  static final int VARIANTS = 4;
  static final int LINKS = 20;
  static final int SEGMENTS = 5;
  static final Duration LONGEST = Duration.ofDays(6);
  private static final Duration SENDING = Duration.ofDays(1);
  private static final Duration MEAN_DELAY = Duration.ofHours(20);
  private static final int CONTACT_BITS = 24;

  /** Takes an event. */
  interface Sink {
    void accept(String topic, long contact, Record event);
  }

  private final UUID tenant;
  private final UUID broadcast;
  private final Instant start;
  private final int recipients;
  private final int events;
  private final Random random;
  private long sent;
  private long opened;
  private long clicked;

  AskedHistory(UUID tenant, UUID broadcast, Instant start, int recipients, int events, long seed) {
    this.tenant = tenant;
    this.broadcast = broadcast;
    this.start = start;
    this.recipients = recipients;
    this.events = events;
    this.random = new Random(seed);
  }

  UUID broadcast() {
    return broadcast;
  }

  Instant start() {
    return start;
  }

  /** Recipients a message was sent to, once everything is told. */
  long sent() {
    return sent;
  }

  /** Openings by humans and machines together. */
  long opened() {
    return opened;
  }

  long clicked() {
    return clicked;
  }

  /** Tells everything. */
  void tell(Sink sink) {
    for (int contact = 1; contact <= recipients; contact++) {
      deliver(contact, sink);
    }
    // Seconds in the upper bits, so that sorting puts them in order.
    long[] doings = new long[events];
    for (int i = 0; i < events; i++) {
      long contact = 1 + random.nextInt(recipients);
      double delay = -Math.log(1 - random.nextDouble()) * MEAN_DELAY.toSeconds();
      long second = Math.min(sentAfter(contact) + (long) delay, LONGEST.toSeconds() - 1);
      doings[i] = second << CONTACT_BITS | contact;
    }
    Arrays.sort(doings);
    for (long doing : doings) {
      did(doing & (1 << CONTACT_BITS) - 1, start.plusSeconds(doing >> CONTACT_BITS), sink);
    }
  }

  private void deliver(long contact, Sink sink) {
    int issue = 1;
    Bucket bucket = Bucket.IN_FLIGHT;
    if (random.nextInt(20) == 0) {
      DeliveryEvent retrying = delivery(contact, issue++, bucket, Outcome.RETRYING);
      sink.accept(Topics.DELIVERY_EVENTS.name(), contact, retrying);
      bucket = retrying.bucketAfter();
    }
    Outcome outcome = random.nextInt(50) == 0 ? Outcome.FAILED : Outcome.SENT;
    if (outcome == Outcome.SENT) {
      sent++;
    }
    sink.accept(Topics.DELIVERY_EVENTS.name(), contact, delivery(contact, issue, bucket, outcome));
  }

  private DeliveryEvent delivery(long contact, int issue, Bucket before, Outcome outcome) {
    return new DeliveryEvent(
        DeliveryEvent.idOf(broadcast, contact, channel(contact), issue, outcome),
        outcome,
        tenant,
        broadcast,
        contact,
        channel(contact),
        issue,
        issue,
        before,
        LocalDate.ofInstant(start, ZoneOffset.UTC),
        new Lane(broadcast, 0),
        variant(contact),
        start.plusSeconds(sentAfter(contact)),
        outcome == Outcome.SENT ? null : new Cause("code_" + contact % 12, "no luck", null),
        null,
        null,
        segment(contact));
  }

  private void did(long contact, Instant at, Sink sink) {
    int what = random.nextInt(1_000);
    Kind kind =
        what < 640
            ? Kind.OPENED
            : what < 940
                ? Kind.CLICKED
                : what < 970
                    ? Kind.CUSTOM
                    : what < 985 ? Kind.UNSUBSCRIBED : what < 995 ? Kind.BOUNCED : Kind.COMPLAINED;
    Integer link = kind == Kind.CLICKED ? Integer.valueOf(1 + random.nextInt(LINKS)) : null;
    if (kind == Kind.OPENED) {
      opened++;
    } else if (kind == Kind.CLICKED) {
      clicked++;
    }
    sink.accept(Topics.ENGAGEMENT_EVENTS.name(), contact, engagement(contact, kind, link, at));
  }

  private EngagementEvent engagement(long contact, Kind kind, @Nullable Integer link, Instant at) {
    return new EngagementEvent(
        new UUID(random.nextLong(), random.nextLong()),
        kind,
        tenant,
        broadcast,
        contact,
        channel(contact),
        variant(contact),
        link,
        link == null ? null : "https://shop.example/spring/" + link,
        kind == Kind.CUSTOM ? "purchase" : null,
        kind == Kind.CUSTOM ? BigDecimal.valueOf(random.nextInt(1, 10_000), 2) : null,
        at,
        start.plusSeconds(sentAfter(contact)),
        contact % 7 == 0 ? null : (int) (contact % 24 - 11) * 60,
        random.nextInt(5) == 0 ? "known_scanner" : null,
        segment(contact));
  }

  private long sentAfter(long contact) {
    return SENDING.toSeconds() * contact / (recipients + 1);
  }

  private static Channel channel(long contact) {
    return contact % 4 == 0 ? Channel.TELEGRAM : Channel.EMAIL;
  }

  private static String variant(long contact) {
    return String.valueOf((char) ('a' + (contact / 4) % VARIANTS));
  }

  private static int segment(long contact) {
    return 1 + (int) (contact % SEGMENTS);
  }
}
