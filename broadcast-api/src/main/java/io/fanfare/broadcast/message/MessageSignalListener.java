package io.fanfare.broadcast.message;

import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.TopicsReady;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Takes what other services ask for of the broadcasts that carry messages. */
@Component
class MessageSignalListener {

  private final EventBatches batches;
  private final MessageRuns runs;
  private final TransactionOperations transaction;
  private final Clock clock;

  MessageSignalListener(
      EventBatches batches,
      MessageRuns runs,
      TransactionOperations transaction,
      Clock clock,
      TopicsReady topics) {
    this.batches = batches;
    this.runs = runs;
    this.transaction = transaction;
    this.clock = clock;
  }

  @KafkaListener(
      id = Topics.Groups.BROADCAST_MESSAGE,
      groupId = Topics.Groups.BROADCAST_MESSAGE,
      topics = "broadcast.signal")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    batches.handle(
        Topics.Groups.BROADCAST_MESSAGE,
        BroadcastSignal.class,
        records,
        signals ->
            transaction.executeWithoutResult(
                status -> signals.forEach(signal -> runs.apply(signal, clock.instant()))));
  }
}
