package io.fanfare.dispatch.control;

import io.fanfare.contract.Topics;
import io.fanfare.dispatch.control.ContentTable.Place;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads single contents again, by their place on the topic. Works on a thread that lives while
 * something is wanted; what fails is asked for again by whoever needs it.
 */
final class ContentFetcher {

  private static final Logger LOG = LoggerFactory.getLogger(ContentFetcher.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int POLLS = 25;

  private final Map<String, Object> config = new HashMap<>();
  private final LinkedHashMap<String, Place> wanted = new LinkedHashMap<>();
  private final ContentTable contents;
  private boolean working;
  private volatile boolean closed;

  ContentFetcher(String bootstrapServers, String clientId, ContentTable contents) {
    this.contents = contents;
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
  }

  /** Never blocks; asking again for what is wanted already changes nothing. */
  synchronized void ask(String key, Place place) {
    wanted.putIfAbsent(key, place);
    if (!working && !closed) {
      working = true;
      Thread.ofVirtual().name("fanfare-content").start(this::work);
    }
  }

  private void work() {
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
      for (var next = next(); next != null; next = next()) {
        fetch(consumer, next.getKey(), next.getValue());
        done(next.getKey());
      }
    } catch (KafkaException e) {
      LOG.warn("contents are not read again yet: {}", e.getMessage());
    } finally {
      rest();
    }
  }

  private synchronized Map.@Nullable Entry<String, Place> next() {
    return closed ? null : wanted.firstEntry();
  }

  private synchronized void done(String key) {
    wanted.remove(key);
  }

  private synchronized void rest() {
    working = false;
    wanted.clear();
  }

  private void fetch(KafkaConsumer<String, byte[]> consumer, String key, Place place) {
    var partition = new TopicPartition(Topics.BROADCAST_CONTENT.name(), place.partition());
    consumer.assign(List.of(partition));
    consumer.seek(partition, place.offset());
    for (int i = 0; i < POLLS && !closed; i++) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        if (record.offset() == place.offset() && record.value() != null) {
          contents.read(key, record.value());
        } else {
          // Compacted away: a newer record of the key is known by now, or none.
          contents.gone(key, place);
        }
        return;
      }
    }
  }

  void close() {
    closed = true;
  }
}
