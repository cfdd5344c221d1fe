package io.fanfare.localstack.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as bytes and reads whole topics, without a consumer group. For one thread at a
 * time.
 */
public final class KafkaProbe implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(50);

  private final String bootstrapServers;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;

  public KafkaProbe(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** A probe of the broker that the tests share. */
  public static KafkaProbe ofTestBroker() {
    return new KafkaProbe(TestInfrastructure.bootstrapServers());
  }

  /** Creates the topic unless it exists. */
  public void createTopic(String topic, int partitions) {
    try {
      admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  public RecordMetadata produce(String topic, @Nullable String key, byte @Nullable [] value) {
    return produce(topic, key, value, Map.of());
  }

  /** Returns when the broker has the record; a null value is a tombstone. */
  public RecordMetadata produce(
      String topic, @Nullable String key, byte @Nullable [] value, Map<String, String> headers) {
    var keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    var record = new ProducerRecord<>(topic, keyBytes, value);
    headers.forEach(
        (name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
    try {
      return producer.send(record).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * Everything from the beginning to the end as it is now, by partition and offset; empty when
   * there is no such topic.
   */
  public List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
    var partitions = partitions(topic);
    if (partitions.isEmpty()) {
      return List.of();
    }
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    try (var consumer = consumerAtBeginning(partitions)) {
      var ends = consumer.endOffsets(partitions);
      var unfinished = new HashSet<>(partitions);
      unfinished.removeIf(
          partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
      while (!unfinished.isEmpty()) {
        consumer.poll(POLL).forEach(records::add);
        unfinished.removeIf(
            partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
      }
      records.removeIf(record ->
          record.offset() >= ends.getOrDefault(new TopicPartition(topic, record.partition()), 0L));
    }
    return sorted(records);
  }

  /**
   * Reads from the beginning until what was read satisfies the condition; waits for the topic to be
   * created, too. Fails when that time is over, not before all that was there by then was looked
   * at.
   */
  public List<ConsumerRecord<byte[], byte[]>> await(
      String topic, Duration timeout, Predicate<List<ConsumerRecord<byte[], byte[]>>> condition) {
    var deadline = System.nanoTime() + timeout.toNanos();
    var partitions = partitions(topic);
    while (partitions.isEmpty() && System.nanoTime() < deadline) {
      partitions = partitions(topic);
    }
    if (partitions.isEmpty()) {
      throw new AssertionError("No topic " + topic + " after " + timeout);
    }
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    try (var consumer = consumerAtBeginning(partitions)) {
      Map<TopicPartition, Long> ends = null;
      while (!condition.test(records)) {
        if (ends == null && System.nanoTime() > deadline) {
          ends = consumer.endOffsets(partitions);
        }
        if (ends != null && isRead(consumer, ends)) {
          throw new AssertionError(
              "After "
                  + timeout
                  + " the "
                  + records.size()
                  + " records of "
                  + topic
                  + " do not satisfy the condition: "
                  + summary(records));
        }
        consumer.poll(POLL).forEach(records::add);
      }
    }
    return sorted(records);
  }

  private static boolean isRead(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** As {@link #await(String, Duration, Predicate)}, until there are at least so many records. */
  public List<ConsumerRecord<byte[], byte[]>> awaitCount(
      String topic, int count, Duration timeout) {
    return await(topic, timeout, records -> records.size() >= count);
  }

  private static List<ConsumerRecord<byte[], byte[]>> sorted(
      List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream()
        .sorted(
            Comparator.<ConsumerRecord<byte[], byte[]>>comparingInt(ConsumerRecord::partition)
                .thenComparingLong(ConsumerRecord::offset))
        .toList();
  }

  private static String summary(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream().limit(20).map(KafkaProbe::text).toList().toString();
  }

  private static String text(ConsumerRecord<byte[], byte[]> record) {
    var value = record.value();
    return value == null ? "tombstone" : new String(value, StandardCharsets.UTF_8);
  }

  private List<TopicPartition> partitions(String topic) {
    try {
      return admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
          .flatMap(description -> description.partitions().stream())
          .map(partition -> new TopicPartition(topic, partition.partition()))
          .toList();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return List.of();
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private KafkaConsumer<byte[], byte[]> consumerAtBeginning(List<TopicPartition> partitions) {
    var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "enable.auto.commit", "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException(e);
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
  }
}
