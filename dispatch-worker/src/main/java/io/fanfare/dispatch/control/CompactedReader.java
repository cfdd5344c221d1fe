package io.fanfare.dispatch.control;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads topics, whole or from an instant on, on one thread, without a group, and knows when it last
 * had everything: records are handed on in order, and every so often the broker is asked where the
 * topics end.
 */
final class CompactedReader {

  private static final Logger LOG = LoggerFactory.getLogger(CompactedReader.class);
  private static final Duration POLL = Duration.ofMillis(40);
  private static final long ASK_EVERY_NANOS = Duration.ofMillis(100).toNanos();
  private static final Duration ASK_TIMEOUT = Duration.ofSeconds(2);

  private final Map<String, Consumer<ConsumerRecord<String, byte[]>>> handlers;
  private final Function<String, @Nullable Instant> beginnings;
  private final KafkaConsumer<String, byte[]> consumer;
  private final List<TopicPartition> partitions = new ArrayList<>();
  private volatile long confirmedNanos;
  private volatile boolean confirmed;
  private volatile boolean running = true;
  private @Nullable Thread thread;

  /**
   * @param handlers what to do with the records of each topic; called on the reader's thread
   * @param beginnings from when on a topic is read; null for all of it
   */
  CompactedReader(
      String bootstrapServers,
      String clientId,
      Map<String, Consumer<ConsumerRecord<String, byte[]>>> handlers,
      Function<String, @Nullable Instant> beginnings) {
    this.handlers = handlers;
    this.beginnings = beginnings;
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
  }

  void start(Thread.UncaughtExceptionHandler fatal) {
    thread =
        Thread.ofPlatform()
            .name("fanfare-control")
            .uncaughtExceptionHandler(fatal)
            .start(this::read);
  }

  private void read() {
    try (consumer) {
      long asked = System.nanoTime() - ASK_EVERY_NANOS;
      while (running) {
        try {
          assign();
          for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
            Consumer<ConsumerRecord<String, byte[]>> handler = handlers.get(record.topic());
            if (handler != null) {
              handler.accept(record);
            }
          }
          if (System.nanoTime() - asked >= ASK_EVERY_NANOS) {
            asked = System.nanoTime();
            confirm(asked);
          }
        } catch (WakeupException e) {
          LOG.debug("woken up");
        } catch (KafkaException e) {
          LOG.warn("reading the control topics failed, trying on: {}", e.getMessage());
          LockSupport.parkNanos(ASK_EVERY_NANOS);
        }
      }
    }
  }

  private void assign() {
    if (!partitions.isEmpty()) {
      return;
    }
    List<TopicPartition> found = new ArrayList<>();
    for (String topic : handlers.keySet()) {
      consumer
          .partitionsFor(topic)
          .forEach(info -> found.add(new TopicPartition(topic, info.partition())));
    }
    consumer.assign(found);
    // Before the search by time: what comes between the two must be read.
    Map<TopicPartition, Long> ends = consumer.endOffsets(found, ASK_TIMEOUT);
    Map<TopicPartition, Long> since = new HashMap<>();
    for (TopicPartition partition : found) {
      Instant beginning = beginnings.apply(partition.topic());
      if (beginning == null) {
        consumer.seekToBeginning(List.of(partition));
      } else {
        since.put(partition, beginning.toEpochMilli());
      }
    }
    Map<TopicPartition, OffsetAndTimestamp> firsts = consumer.offsetsForTimes(since, ASK_TIMEOUT);
    for (TopicPartition partition : since.keySet()) {
      @Nullable OffsetAndTimestamp first = firsts.get(partition);
      consumer.seek(partition, first == null ? ends.getOrDefault(partition, 0L) : first.offset());
    }
    // Only when all are known: half of them would be taken for everything.
    partitions.addAll(found);
  }

  /** The instant before the question counts: what came later may be unread. */
  private void confirm(long askedNanos) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ASK_TIMEOUT);
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      if (consumer.position(end.getKey()) < end.getValue()) {
        return;
      }
    }
    confirmedNanos = askedNanos;
    confirmed = true;
  }

  /** Nanoseconds since everything was known to be read; huge before the first time. */
  long age(long nowNanos) {
    return confirmed ? nowNanos - confirmedNanos : Long.MAX_VALUE;
  }

  void close() {
    running = false;
    consumer.wakeup();
    Thread reading = thread;
    if (reading != null) {
      try {
        reading.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
