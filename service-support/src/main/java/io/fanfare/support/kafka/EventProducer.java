package io.fanfare.support.kafka;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes events: acknowledged by all replicas in sync, idempotent, in order per key, in batches.
 * A future fails when the broker did not acknowledge within two minutes; the caller publishes
 * again.
 */
public final class EventProducer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EventProducer.class);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final KafkaProducer<String, byte[]> producer;

  public EventProducer(String bootstrapServers, String clientId) {
    this(bootstrapServers, clientId, Map.of());
  }

  /**
   * A producer with settings of its own.
   *
   * @param settings in place of the usual ones, by the names of {@link ProducerConfig}
   */
  public EventProducer(String bootstrapServers, String clientId, Map<String, Object> settings) {
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 10);
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 60_000);
    config.putAll(settings);
    this.producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
  }

  /**
   * Gets to know a topic, so that the first event does not wait for it; no error where the broker
   * does not answer now.
   */
  public void prepare(Topic topic) {
    try {
      producer.partitionsFor(topic.name());
    } catch (TimeoutException e) {
      log.warn("the broker does not answer yet: {}", e.getMessage());
    }
  }

  /** Publishes an event; the future completes when the broker has it. */
  public CompletableFuture<RecordMetadata> send(Topic topic, String key, Record event) {
    return send(topic.name(), key, event);
  }

  /** The same, by the topic's name. */
  public CompletableFuture<RecordMetadata> send(String topicName, String key, Record event) {
    return send(topicName, key, EventCodec.encode(event), typeHeader(EventCodec.typeOf(event)));
  }

  /**
   * How many partitions a topic has.
   *
   * @throws KafkaException when the broker does not say so within a minute
   */
  public int partitions(Topic topic) {
    return producer.partitionsFor(topic.name()).size();
  }

  /** Publishes an event on a partition, whatever its key. */
  public CompletableFuture<RecordMetadata> send(
      Topic topic, int partition, String key, Record event) {
    return send(
        topic.name(),
        partition,
        key,
        EventCodec.encode(event),
        typeHeader(EventCodec.typeOf(event)));
  }

  /**
   * Publishes bytes as they are.
   *
   * @param payload null for a tombstone
   */
  public CompletableFuture<RecordMetadata> send(
      String topicName, @Nullable String key, byte @Nullable [] payload, List<Header> headers) {
    return send(topicName, null, key, payload, headers);
  }

  private CompletableFuture<RecordMetadata> send(
      String topicName,
      @Nullable Integer partition,
      @Nullable String key,
      byte @Nullable [] payload,
      List<Header> headers) {
    CompletableFuture<RecordMetadata> result = new CompletableFuture<>();
    producer.send(
        new ProducerRecord<>(topicName, partition, null, key, payload, headers),
        (metadata, failure) -> {
          if (failure == null) {
            result.complete(metadata);
          } else {
            result.completeExceptionally(failure);
          }
        });
    return result;
  }

  /** Hands everything to the broker now and waits for its answers. */
  public void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
  }

  /** The header that names an event's type. */
  public static List<Header> typeHeader(String type) {
    return List.of(new RecordHeader(EventCodec.TYPE_HEADER, type.getBytes(StandardCharsets.UTF_8)));
  }
}
