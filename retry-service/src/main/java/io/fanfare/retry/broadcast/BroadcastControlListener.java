package io.fanfare.retry.broadcast;

import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.GlobalStop;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.TopicsReady;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/**
 * Keeps the newest control of every broadcast. The announcer reads it each time, so a pause holds
 * and a resume releases without a row of the due table being touched.
 */
@Component
class BroadcastControlListener {

  private final EventBatches batches;
  private final BroadcastPolicyRepository policies;
  private final GlobalStopRepository stops;

  BroadcastControlListener(
      EventBatches batches,
      BroadcastPolicyRepository policies,
      GlobalStopRepository stops,
      TopicsReady topicsReady) {
    this.batches = batches;
    this.policies = policies;
    this.stops = stops;
  }

  @KafkaListener(
      id = Topics.Groups.RETRY_CONTROL,
      groupId = Topics.Groups.RETRY_CONTROL,
      topics = "#{T(io.fanfare.contract.Topics).BROADCAST_CONTROL.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    Predicate<ConsumerRecord<String, byte[]>> ofAll = record -> GlobalStop.KEY.equals(record.key());
    batches.handle(
        Topics.Groups.RETRY_CONTROL,
        GlobalStop.class,
        records.stream().filter(ofAll).toList(),
        found -> found.forEach(stops::save));
    batches.handle(
        Topics.Groups.RETRY_CONTROL,
        BroadcastControl.class,
        records.stream().filter(ofAll.negate()).toList(),
        controls -> controls.forEach(control -> policies.save(BroadcastPolicy.of(control))));
    for (ConsumerRecord<String, byte[]> record : records) {
      if (record.value() == null) {
        forget(record);
      }
    }
  }

  private void forget(ConsumerRecord<String, byte[]> tombstone) {
    UUID broadcastId;
    try {
      broadcastId = UUID.fromString(String.valueOf(tombstone.key()));
    } catch (IllegalArgumentException e) {
      // Not every key is a broadcast.
      return;
    }
    policies.forget(broadcastId);
  }
}
