package io.fanfare.audience.run;

import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.GlobalStop;
import io.fanfare.support.kafka.EventBatches;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Takes in what broadcast-api says of each broadcast, and of all of them. */
@Component
class BroadcastControlListener {

  private static final String GROUP = Topics.Groups.AUDIENCE_CONTROL;

  private final EventBatches batches;
  private final RunRepository runs;
  private final GlobalStopRepository stops;
  private final TransactionOperations transaction;

  BroadcastControlListener(
      EventBatches batches,
      RunRepository runs,
      GlobalStopRepository stops,
      TransactionOperations transaction) {
    this.batches = batches;
    this.runs = runs;
    this.stops = stops;
    this.transaction = transaction;
  }

  @KafkaListener(
      id = GROUP,
      groupId = GROUP,
      topics = "#{T(io.fanfare.contract.Topics).BROADCAST_CONTROL.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    Predicate<ConsumerRecord<String, byte[]>> ofAll = record -> GlobalStop.KEY.equals(record.key());
    batches.handle(
        GROUP,
        GlobalStop.class,
        records.stream().filter(ofAll).toList(),
        found -> found.forEach(stops::keep));
    batches.handle(
        GROUP,
        BroadcastControl.class,
        records.stream().filter(ofAll.negate()).toList(),
        this::keep);
    for (ConsumerRecord<String, byte[]> record : records) {
      if (record.value() == null) {
        forget(record);
      }
    }
  }

  /** A tombstone comes long after the end of a broadcast, and nothing follows it. */
  private void forget(ConsumerRecord<String, byte[]> tombstone) {
    UUID broadcastId;
    try {
      broadcastId = UUID.fromString(String.valueOf(tombstone.key()));
    } catch (IllegalArgumentException e) {
      // Not every key is a broadcast.
      return;
    }
    transaction.executeWithoutResult(status -> runs.forget(broadcastId));
  }

  private void keep(List<BroadcastControl> controls) {
    List<BroadcastControl> inLockOrder =
        controls.stream()
            .sorted(
                Comparator.comparing(BroadcastControl::broadcastId)
                    .thenComparing(BroadcastControl::epoch))
            .toList();
    transaction.executeWithoutResult(status -> inLockOrder.forEach(runs::keep));
  }
}
