package io.fanfare.analytics.counting;

import io.fanfare.analytics.AnalyticsProperties;
import io.fanfare.analytics.counting.OffsetRepository.OffsetMoved;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.transaction.TransactionException;

/**
 * Reads the topic of a feed and has its records counted, batch by batch. Where it stands is known
 * by the database alone: the offsets are committed with the figures, and after every change of the
 * assignment and every failure it goes back to them.
 */
final class TopicConsumer<E extends Record> {

  private static final Logger log = LoggerFactory.getLogger(TopicConsumer.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long AFTER_ERROR_MS = 1_000;
  private static final long STOP_TIMEOUT_MS = 20_000;

  private final Feed<E> feed;
  private final String topic;
  private final ConsumerFactory<String, byte[]> consumers;
  private final AnalyticsProperties properties;
  private final OffsetRepository offsets;
  private final RecordCounter<E> counter;
  private final ApplicationEventPublisher events;
  private final AtomicLong lag = new AtomicLong();
  private final Semaphore stopping = new Semaphore(0);
  private volatile @Nullable Thread thread;
  private volatile boolean running;

  // Only the reading thread touches these two.
  private final SortedMap<Integer, Long> positions = new TreeMap<>();
  private boolean lost = true;

  TopicConsumer(
      Feed<E> feed,
      ConsumerFactory<String, byte[]> consumers,
      AnalyticsProperties properties,
      OffsetRepository offsets,
      RecordCounter<E> counter,
      ApplicationEventPublisher events,
      MeterRegistry meters) {
    this.feed = feed;
    this.topic = feed.topic().name();
    this.consumers = consumers;
    this.properties = properties;
    this.offsets = offsets;
    this.counter = counter;
    this.events = events;
    Gauge.builder("fanfare.events.lag", lag, AtomicLong::get)
        .description("Events of this instance's partitions that are not counted yet")
        .tag("topic", topic)
        .register(meters);
  }

  void start() {
    running = true;
    thread = Thread.ofPlatform().name(topic).start(this::run);
  }

  void askToStop() {
    running = false;
    stopping.release();
  }

  /** Waits for the batch under way, after it was asked to stop. */
  void awaitStop() {
    Thread reading = thread;
    if (reading != null) {
      try {
        reading.join(STOP_TIMEOUT_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    Properties overrides = new Properties();
    overrides.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(properties.batchSize()));
    try (Consumer<String, byte[]> consumer =
        consumers.createConsumer(feed.group(), null, "-" + topic, overrides)) {
      consumer.subscribe(List.of(topic), new Lost());
      while (running) {
        step(consumer);
      }
    } catch (RuntimeException bug) {
      log.error("counting has stopped; this instance must be started again", bug);
      AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
    }
  }

  private void step(Consumer<String, byte[]> consumer) {
    try {
      ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
      if (lost) {
        // What was polled came from wherever Kafka believes us to be: read again from our own
        // place.
        goBack(consumer);
      } else if (!records.isEmpty()) {
        counter.count(records, positions);
        tellKafka(consumer);
      }
      measureLag(consumer);
    } catch (OffsetMoved e) {
      log.info("somebody else counted on, going to the stored offsets: {}", e.getMessage());
      lost = true;
    } catch (DataAccessException | TransactionException | KafkaException e) {
      if (e instanceof WakeupException) {
        return;
      }
      log.warn("not counted, trying again: {}", e.toString());
      lost = true;
      pause();
    }
  }

  private void goBack(Consumer<String, byte[]> consumer) {
    Set<TopicPartition> assigned = consumer.assignment();
    positions.clear();
    if (!assigned.isEmpty()) {
      SortedMap<Integer, Long> beginnings = new TreeMap<>();
      consumer
          .beginningOffsets(assigned)
          .forEach((partition, offset) -> beginnings.put(partition.partition(), offset));
      offsets.begin(topic, beginnings);
      Map<Integer, Long> stored = offsets.find(topic, List.copyOf(beginnings.keySet()));
      stored.forEach(
          (partition, offset) -> consumer.seek(new TopicPartition(topic, partition), offset));
      positions.putAll(stored);
    }
    lost = false;
  }

  /** For the tools that show the lag of groups; nothing is ever read from there. */
  private static void tellKafka(Consumer<String, byte[]> consumer) {
    consumer.commitAsync((offsets, failure) -> {
      if (failure != null) {
        log.debug("offsets not shown to Kafka: {}", failure.toString());
      }
    });
  }

  private void measureLag(Consumer<String, byte[]> consumer) {
    long behind = 0;
    for (TopicPartition partition : consumer.assignment()) {
      behind += consumer.currentLag(partition).orElse(0L);
    }
    lag.set(behind);
  }

  private void pause() {
    try {
      stopping.tryAcquire(AFTER_ERROR_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running = false;
    }
  }

  private final class Lost implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      lost = true;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      lost = true;
    }
  }
}
