package io.fanfare.retry.delivery;

import io.fanfare.contract.Topics;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.TopicsReady;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Hands results to the recorder, batch by batch. */
@Component
class DeliveryListener {

  private final EventBatches batches;
  private final DeliveryRecorder recorder;

  DeliveryListener(EventBatches batches, DeliveryRecorder recorder, TopicsReady topicsReady) {
    this.batches = batches;
    this.recorder = recorder;
  }

  @KafkaListener(
      id = Topics.Groups.RETRY_DELIVERY,
      groupId = Topics.Groups.RETRY_DELIVERY,
      topics = "#{T(io.fanfare.contract.Topics).DELIVERY_EVENTS.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    batches.handle(Topics.Groups.RETRY_DELIVERY, DeliveryEvent.class, records, recorder::record);
  }
}
