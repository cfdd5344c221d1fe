package io.fanfare.analytics.rebuild;

import io.fanfare.analytics.counting.Feed;
import io.fanfare.analytics.counting.Generation;
import io.fanfare.analytics.counting.RecordCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the topics from their beginning and counts them into a generation, exactly up to where it
 * is told; what was set aside by the live counting is passed over.
 */
final class Replay {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Consumer<String, byte[]> consumer;
  private final Map<String, Counting> countings = new HashMap<>();
  private final Map<TopicPartition, Long> beginnings = new HashMap<>();
  private final Map<TopicPartition, Instant> firstRecords = new HashMap<>();
  private final Instant startedAt;
  private final LongConsumer progress;
  private long counted;

  /** One feed's counting, and the next offset of each of its partitions. */
  private record Counting(RecordCounter<?> counter, SortedMap<Integer, Long> positions) {}

  /**
   * @param startedAt now
   * @param progress is told how many records were read; throws when they are to be no more
   */
  Replay(
      Consumer<String, byte[]> consumer,
      List<Feed<?>> feeds,
      Generation generation,
      Iterable<TopicPartition> partitions,
      Instant startedAt,
      LongConsumer progress) {
    this.consumer = consumer;
    this.startedAt = startedAt;
    this.progress = progress;
    List<TopicPartition> all = new ArrayList<>();
    partitions.forEach(all::add);
    consumer.assign(all);
    consumer.seekToBeginning(all);
    beginnings.putAll(consumer.beginningOffsets(all));
    for (Feed<?> feed : feeds) {
      String topic = feed.topic().name();
      SortedMap<Integer, Long> positions = new TreeMap<>();
      beginnings.forEach((partition, offset) -> {
        if (partition.topic().equals(topic)) {
          positions.put(partition.partition(), offset);
        }
      });
      generation.offsets().begin(topic, positions);
      countings.put(
          topic,
          new Counting(
              generation.counter(feed, (record, reason) -> {}, new SimpleMeterRegistry(), 0),
              positions));
    }
  }

  /** How many records there are between what is counted and these offsets, at most. */
  long distanceTo(Map<TopicPartition, Long> targets) {
    return targets.entrySet().stream()
        .mapToLong(target -> Math.max(0, target.getValue() - consumer.position(target.getKey())))
        .sum();
  }

  /** Counts every record before these offsets and none after. */
  void countTo(Map<TopicPartition, Long> targets) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (pauseThoseThatAreThere(targets)) {
      ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
      if (!records.isEmpty()) {
        deadline = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the broker gave no records for " + PATIENCE);
      }
      Map<String, List<ConsumerRecord<String, byte[]>>> before = new TreeMap<>();
      for (TopicPartition partition : records.partitions()) {
        long target = targets.getOrDefault(partition, 0L);
        for (ConsumerRecord<String, byte[]> record : records.records(partition)) {
          firstRecords.putIfAbsent(partition, Instant.ofEpochMilli(record.timestamp()));
          if (record.offset() < target) {
            before.computeIfAbsent(partition.topic(), key -> new ArrayList<>()).add(record);
          }
        }
        if (consumer.position(partition) > target) {
          consumer.seek(partition, Math.max(target, beginning(partition)));
        }
      }
      before.forEach(this::count);
      progress.accept(counted);
    }
  }

  /**
   * What happened after this instant is still in the topics, whole; null when everything is that
   * ever happened.
   */
  @Nullable Instant horizon() {
    Instant horizon = null;
    for (TopicPartition partition : beginnings.keySet()) {
      if (beginning(partition) > 0) {
        Instant first = firstRecords.getOrDefault(partition, startedAt);
        horizon = horizon == null || first.isAfter(horizon) ? first : horizon;
      }
    }
    return horizon;
  }

  private void count(String topic, List<ConsumerRecord<String, byte[]>> records) {
    Counting counting = countings.get(topic);
    if (counting == null) {
      throw new IllegalStateException("nobody counts " + topic);
    }
    counting.counter().count(records, counting.positions());
    counted += records.size();
  }

  /** Returns whether there is one that is not there yet. */
  private boolean pauseThoseThatAreThere(Map<TopicPartition, Long> targets) {
    List<TopicPartition> there = new ArrayList<>();
    List<TopicPartition> underWay = new ArrayList<>();
    for (TopicPartition partition : consumer.assignment()) {
      boolean reached = consumer.position(partition) >= targets.getOrDefault(partition, 0L);
      (reached ? there : underWay).add(partition);
    }
    consumer.pause(there);
    consumer.resume(underWay);
    return !underWay.isEmpty();
  }

  private long beginning(TopicPartition partition) {
    return beginnings.getOrDefault(partition, 0L);
  }
}
