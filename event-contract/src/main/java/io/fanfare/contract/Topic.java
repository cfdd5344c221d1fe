package io.fanfare.contract;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One topic and everything about it that producers, consumers and operators must agree on.
 *
 * @param name its name
 * @param key what its records are keyed by; records of one key keep their order
 * @param traffic how busy it is, which sets its partitions
 * @param retention how long records are kept; null when compacted: the newest of each key for ever
 * @param envelope what its headers carry
 * @param eventTypes the types its records may have, as in the {@code ce_type} header; {@code x.*}
 *     stands for every type beginning so
 * @param producers the services that write it
 * @param consumers the consumer groups that read it, or a service name where every instance reads
 *     the whole topic without a group
 */
public record Topic(
    String name,
    String key,
    Traffic traffic,
    @Nullable Duration retention,
    Envelope envelope,
    List<String> eventTypes,
    List<String> producers,
    List<String> consumers) {

  /** How busy a topic is. */
  public enum Traffic {
    /** A record per recipient: as many partitions as the deployment is configured for. */
    PER_RECIPIENT,
    /** A record per change of something larger: four partitions. */
    PER_CHANGE
  }

  /** What the headers of a topic's records carry. */
  public enum Envelope {
    /** {@code ce_type} alone: an internal topic where every byte counts. */
    TYPE_ONLY,
    /** CloudEvents 1.0, Kafka binary mode: a topic that internal systems may read. */
    CLOUD_EVENTS
  }

  private static final int QUIET_PARTITIONS = 4;

  /** The newest record of each key is kept for ever. */
  public boolean compacted() {
    return retention == null;
  }

  /**
   * The number of partitions.
   *
   * @param hotPartitions what the deployment gives to a topic with a record per recipient
   */
  public int partitions(int hotPartitions) {
    return traffic == Traffic.PER_RECIPIENT ? hotPartitions : QUIET_PARTITIONS;
  }

  /** The broker's settings for the topic. */
  public Map<String, String> config() {
    Map<String, String> config = new TreeMap<>();
    if (retention == null) {
      config.put("cleanup.policy", "compact");
    } else {
      config.put("cleanup.policy", "delete");
      config.put("retention.ms", Long.toString(retention.toMillis()));
    }
    return config;
  }

  /** Where a consumer group puts the records it cannot decode or handle. */
  public String deadLetterTopic(String group) {
    return name + "." + group + ".dlt";
  }
}
