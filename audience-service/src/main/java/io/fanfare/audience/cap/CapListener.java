package io.fanfare.audience.cap;

import io.fanfare.contract.Topics;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.support.kafka.EventBatches;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Learns which of the reserved messages were sent. While nothing is reserved no event is decoded: a
 * message is reserved before its command is published, and so before its end is told.
 */
@Component
class CapListener {

  private static final String GROUP = Topics.Groups.AUDIENCE_CAP;

  private final EventBatches batches;
  private final CapRepository caps;
  private final TransactionOperations transaction;

  CapListener(EventBatches batches, CapRepository caps, TransactionOperations transaction) {
    this.batches = batches;
    this.caps = caps;
    this.transaction = transaction;
  }

  @KafkaListener(
      id = GROUP,
      groupId = GROUP,
      topics = "#{T(io.fanfare.contract.Topics).DELIVERY_EVENTS.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    if (caps.anyOpen()) {
      batches.handle(GROUP, DeliveryEvent.class, records, this::settle);
    }
  }

  private void settle(List<DeliveryEvent> events) {
    List<DeliveryEvent> sent = new ArrayList<>();
    List<DeliveryEvent> notSent = new ArrayList<>();
    for (DeliveryEvent event : events) {
      switch (event.outcome()) {
        // What nobody can know may have been sent.
        case SENT, IN_DOUBT -> sent.add(event);
        case FAILED, DEAD, SKIPPED, CANCELLED, FELL_BACK -> notSent.add(event);
        case RETRYING, RATE_LIMITED, RETURNED -> {}
      }
    }
    transaction.executeWithoutResult(status -> {
      if (!notSent.isEmpty()) {
        caps.notSent(notSent);
      }
      if (!sent.isEmpty()) {
        caps.sent(sent);
      }
    });
  }
}
