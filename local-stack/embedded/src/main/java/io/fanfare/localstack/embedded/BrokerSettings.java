package io.fanfare.localstack.embedded;

import java.util.Map;

/**
 * The settings of a broker that services can notice; the same for the embedded broker and for one
 * in a container.
 */
public final class BrokerSettings {

  /** Kafka's own property names and values. */
  public static final Map<String, String> NOTICEABLE =
      Map.ofEntries(
          // Topics are created by the services with their own partition counts, never by a typo.
          Map.entry("auto.create.topics.enable", "false"),
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          // After kill -9 a group waits for the session to end: 45 s by default in the new
          // protocol.
          Map.entry("group.min.session.timeout.ms", "1000"),
          Map.entry("group.consumer.min.session.timeout.ms", "6000"),
          Map.entry("group.consumer.session.timeout.ms", "10000"),
          Map.entry("group.consumer.min.heartbeat.interval.ms", "1000"),
          Map.entry("group.consumer.heartbeat.interval.ms", "3000"),
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("offsets.topic.num.partitions", "8"),
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("transaction.state.log.num.partitions", "4"),
          Map.entry("share.coordinator.state.topic.replication.factor", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"),
          Map.entry("share.coordinator.state.topic.num.partitions", "4"),
          Map.entry("default.replication.factor", "1"),
          Map.entry("min.insync.replicas", "1"));

  private BrokerSettings() {}
}
