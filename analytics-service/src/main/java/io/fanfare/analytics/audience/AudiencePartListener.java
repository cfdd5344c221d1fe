package io.fanfare.analytics.audience;

import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.GlobalStop;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.TopicsReady;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Learns from the controls of broadcasts what their audiences are made of. */
@Component
class AudiencePartListener {

  private final EventBatches batches;
  private final AudiencePartRepository parts;

  AudiencePartListener(
      EventBatches batches, AudiencePartRepository parts, TopicsReady topicsReady) {
    this.batches = batches;
    this.parts = parts;
  }

  @KafkaListener(
      id = Topics.Groups.ANALYTICS_AUDIENCE,
      groupId = Topics.Groups.ANALYTICS_AUDIENCE,
      topics = "#{T(io.fanfare.contract.Topics).BROADCAST_CONTROL.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    batches.handle(
        Topics.Groups.ANALYTICS_AUDIENCE,
        BroadcastControl.class,
        records.stream().filter(record -> !GlobalStop.KEY.equals(record.key())).toList(),
        parts::remember);
  }
}
