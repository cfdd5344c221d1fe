package io.fanfare.analytics.counting;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where records go that cannot be counted. */
@FunctionalInterface
public interface DeadLetters {

  /**
   * Puts a record aside, and returns when it is safe there.
   *
   * @param reason for people
   */
  void setAside(ConsumerRecord<String, byte[]> record, String reason);
}
