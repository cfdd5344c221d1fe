package io.fanfare.retry.delivery;

import io.fanfare.contract.Topics;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.retry.budget.RetryBudgets;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.TopicsReady;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Hands results to the recorder and to the budgets, batch by batch. */
@Component
class DeliveryListener {

  private final EventBatches batches;
  private final DeliveryRecorder recorder;
  private final RetryBudgets budgets;

  DeliveryListener(
      EventBatches batches,
      DeliveryRecorder recorder,
      RetryBudgets budgets,
      TopicsReady topicsReady) {
    this.batches = batches;
    this.recorder = recorder;
    this.budgets = budgets;
  }

  @KafkaListener(
      id = Topics.Groups.RETRY_DELIVERY,
      groupId = Topics.Groups.RETRY_DELIVERY,
      topics = "#{T(io.fanfare.contract.Topics).DELIVERY_EVENTS.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    batches.handle(
        Topics.Groups.RETRY_DELIVERY,
        DeliveryEvent.class,
        records,
        events -> {
          recorder.record(events);
          budgets.observe(events);
        });
  }
}
