package io.fanfare.analytics.delivery;

import io.fanfare.analytics.AnalyticsProperties;
import io.fanfare.analytics.delivery.OffsetRepository.OffsetMoved;
import io.fanfare.contract.Topics;
import io.fanfare.support.kafka.TopicsReady;
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
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Reads {@code delivery.events} and has them counted, batch by batch. Where it stands is known by
 * the database alone: the offsets are committed with the figures, and after every change of the
 * assignment and every failure it goes back to them.
 */
@Component
final class DeliveryEventConsumer implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(DeliveryEventConsumer.class);
  private static final String TOPIC = Topics.DELIVERY_EVENTS.name();
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long AFTER_ERROR_MS = 1_000;
  private static final long STOP_TIMEOUT_MS = 20_000;

  private final ConsumerFactory<String, byte[]> consumers;
  private final AnalyticsProperties properties;
  private final OffsetRepository offsets;
  private final RecordCounter counter;
  private final ApplicationEventPublisher events;
  private final AtomicLong lag = new AtomicLong();
  private final Semaphore stopping = new Semaphore(0);
  private volatile @Nullable Thread thread;
  private volatile boolean running;

  // Only the reading thread touches these two.
  private final SortedMap<Integer, Long> positions = new TreeMap<>();
  private boolean lost = true;

  DeliveryEventConsumer(
      ConsumerFactory<String, byte[]> consumers,
      AnalyticsProperties properties,
      OffsetRepository offsets,
      RecordCounter counter,
      ApplicationEventPublisher events,
      MeterRegistry meters,
      TopicsReady topicsReady) {
    this.consumers = consumers;
    this.properties = properties;
    this.offsets = offsets;
    this.counter = counter;
    this.events = events;
    Gauge.builder("fanfare.events.lag", lag, AtomicLong::get)
        .description("Delivery events of this instance's partitions that are not counted yet")
        .register(meters);
  }

  @Override
  public void start() {
    running = true;
    thread = Thread.ofPlatform().name("delivery-events").start(this::run);
  }

  @Override
  public void stop() {
    running = false;
    stopping.release();
    Thread reading = thread;
    if (reading != null) {
      try {
        reading.join(STOP_TIMEOUT_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void run() {
    Properties overrides = new Properties();
    overrides.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(properties.batchSize()));
    try (Consumer<String, byte[]> consumer =
        consumers.createConsumer(Topics.Groups.ANALYTICS_DELIVERY, null, "-delivery", overrides)) {
      consumer.subscribe(List.of(TOPIC), new Lost());
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
        counter.count(TOPIC, records, positions);
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
      offsets.begin(TOPIC, beginnings);
      Map<Integer, Long> stored = offsets.find(TOPIC, List.copyOf(beginnings.keySet()));
      stored.forEach(
          (partition, offset) -> consumer.seek(new TopicPartition(TOPIC, partition), offset));
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
