package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.TopicsReady;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Takes what other services ask for. */
@Component
class BroadcastSignalListener {

  private final EventBatches batches;
  private final BroadcastSignals signals;

  BroadcastSignalListener(EventBatches batches, BroadcastSignals signals, TopicsReady topics) {
    this.batches = batches;
    this.signals = signals;
  }

  @KafkaListener(
      id = Topics.Groups.BROADCAST_SIGNAL,
      groupId = Topics.Groups.BROADCAST_SIGNAL,
      topics = "broadcast.signal")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    batches.handle(Topics.Groups.BROADCAST_SIGNAL, BroadcastSignal.class, records, signals::apply);
  }
}
