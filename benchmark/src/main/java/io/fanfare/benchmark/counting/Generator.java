package io.fanfare.benchmark.counting;

import io.fanfare.contract.Channel;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Lane;
import io.fanfare.contract.Topics;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Invents what happened to one broadcast, in any order and with every tenth event twice, publishes
 * it with a plain Kafka client, and counts for itself. The same seed gives the same events.
 */
final class Generator {

  private static final int LINKS = 5;
  private static final int REPEATED_EVERY = 10;
  private static final Duration APART = Duration.ofSeconds(10);

  /** A figure: what, and of which variant and link. */
  record Figure(String what, String variant, String detail) implements Comparable<Figure> {
    @Override
    public int compareTo(Figure other) {
      return toString().compareTo(other.toString());
    }
  }

  private record Published(String topic, String key, Record event) {}

  private final UUID tenant;
  private final UUID broadcast;
  private final Random random;
  private final Instant sentAt = Instant.now().minusSeconds(3_600).truncatedTo(ChronoUnit.SECONDS);
  private final List<Published> events = new ArrayList<>();
  private final Map<Figure, Long> totals = new TreeMap<>();
  private final Map<Figure, Set<Long>> recipients = new HashMap<>();
  private BigDecimal value = BigDecimal.ZERO;

  /**
   * @param count events, deliveries and what recipients did together; repetitions come on top
   */
  Generator(UUID tenant, UUID broadcast, int count, long seed) {
    this.tenant = tenant;
    this.broadcast = broadcast;
    this.random = new Random(seed);
    for (long contact = 1; events.size() < count; contact++) {
      contact(contact, count);
    }
    int distinct = events.size();
    for (int i = 0; i < distinct; i += REPEATED_EVERY) {
      events.add(events.get(i));
    }
    Collections.shuffle(events, random);
  }

  private void contact(long contact, int count) {
    String variant = contact % 2 == 0 ? "a" : "b";
    LocalDate day = LocalDate.ofInstant(sentAt, ZoneOffset.UTC);
    events.add(
        new Published(
            Topics.DELIVERY_EVENTS.name(),
            Long.toString(contact),
            new DeliveryEvent(
                DeliveryEvent.idOf(broadcast, contact, Channel.EMAIL, 1, Outcome.SENT),
                Outcome.SENT,
                tenant,
                broadcast,
                contact,
                Channel.EMAIL,
                1,
                1,
                Bucket.IN_FLIGHT,
                day,
                new Lane(broadcast, 0),
                variant,
                sentAt,
                null,
                null,
                null)));
    add("sent", variant, "");
    Instant at = sentAt;
    for (int i = random.nextInt(4); i > 0 && events.size() < count; i--) {
      at = at.plus(APART);
      boolean machine = random.nextInt(4) == 0;
      did(contact, variant, Kind.OPENED, null, null, at, machine ? "privacy_proxy" : null);
    }
    for (int i = random.nextInt(3); i > 0 && events.size() < count; i--) {
      // So far apart that no clicks pass for a scanner's.
      at = at.plus(APART);
      boolean machine = random.nextInt(8) == 0;
      int link = 1 + random.nextInt(LINKS);
      did(contact, variant, Kind.CLICKED, link, null, at, machine ? "scanner_agent" : null);
    }
    if (random.nextInt(10) == 0 && events.size() < count) {
      BigDecimal worth = BigDecimal.valueOf(random.nextInt(1, 10_000), 2);
      value = value.add(worth);
      did(contact, variant, Kind.CUSTOM, null, worth, at.plus(APART), null);
    }
  }

  private void did(
      long contact,
      String variant,
      Kind kind,
      @Nullable Integer link,
      @Nullable BigDecimal worth,
      Instant at,
      @Nullable String machine) {
    events.add(
        new Published(
            Topics.ENGAGEMENT_EVENTS.name(),
            Long.toString(contact),
            new EngagementEvent(
                new UUID(random.nextLong(), random.nextLong()),
                kind,
                tenant,
                broadcast,
                contact,
                Channel.EMAIL,
                variant,
                link,
                link == null ? null : "https://shop.example/" + link,
                worth == null ? null : "purchase",
                worth,
                at,
                sentAt,
                null,
                machine)));
    String by = machine == null ? "" : "machine_";
    // Custom events are asked for by their name, over all variants.
    String of = kind == Kind.CUSTOM ? "" : variant;
    add(kind.id() + " " + by + "events", of, "");
    addRecipient(kind.id() + " " + by + "recipients", of, "", contact);
    if (link != null) {
      add("link " + by + "events", variant, Integer.toString(link));
      addRecipient("link " + by + "recipients", variant, Integer.toString(link), contact);
    }
  }

  private void add(String what, String variant, String detail) {
    totals.merge(new Figure(what, variant, detail), 1L, Long::sum);
  }

  private void addRecipient(String what, String variant, String detail, long contact) {
    recipients
        .computeIfAbsent(new Figure(what, variant, detail), absent -> new HashSet<>())
        .add(contact);
  }

  /** Every figure as it must be counted; 0 for what nobody did is left out. */
  Map<Figure, Long> figures() {
    Map<Figure, Long> figures = new TreeMap<>(totals);
    recipients.forEach((figure, who) -> figures.put(figure, (long) who.size()));
    figures.put(new Figure("custom value in cents", "", ""), value.movePointRight(2).longValue());
    return figures;
  }

  /** Events that will be published, repetitions included. */
  int size() {
    return events.size();
  }

  /** Publishes everything; returns when the broker has it. */
  void publish(String bootstrapServers) {
    AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 10);
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
      for (Published published : events) {
        var record =
            new ProducerRecord<>(
                published.topic(), published.key(), EventCodec.encode(published.event()));
        record
            .headers()
            .add(
                EventCodec.TYPE_HEADER,
                EventCodec.typeOf(published.event()).getBytes(StandardCharsets.UTF_8));
        producer.send(record, (metadata, failure) -> failed.compareAndSet(null, failure));
      }
      producer.flush();
    }
    if (failed.get() != null) {
      throw new IllegalStateException("not published", failed.get());
    }
  }
}
