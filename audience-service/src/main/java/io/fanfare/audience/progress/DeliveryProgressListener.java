package io.fanfare.audience.progress;

import io.fanfare.contract.Topics;
import io.fanfare.contract.delivery.DeliveryProgress;
import io.fanfare.support.kafka.EventBatches;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Keeps the newest of the ledger's counters. */
@Component
class DeliveryProgressListener {

  private static final String GROUP = Topics.Groups.AUDIENCE_PROGRESS;

  private final EventBatches batches;
  private final LedgerRepository ledger;

  DeliveryProgressListener(EventBatches batches, LedgerRepository ledger) {
    this.batches = batches;
    this.ledger = ledger;
  }

  @KafkaListener(
      id = GROUP,
      groupId = GROUP,
      topics = "#{T(io.fanfare.contract.Topics).DELIVERY_PROGRESS.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    batches.handle(GROUP, DeliveryProgress.class, records, this::keep);
  }

  private void keep(List<DeliveryProgress> counters) {
    Map<String, DeliveryProgress> newest = new HashMap<>();
    for (DeliveryProgress progress : counters) {
      newest.merge(progress.key(), progress, (a, b) -> a.sequence() >= b.sequence() ? a : b);
    }
    ledger.keep(List.copyOf(newest.values()));
  }
}
