package io.fanfare.audience.release;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.EventRecords;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Puts recipients whose first command came back unsent among the pending again. Those that were
 * retried before belong to retry-service.
 */
@Component
class ReturnListener {

  private static final String GROUP = Topics.Groups.AUDIENCE_RETURN;
  private static final String RETURNED = EventCodec.deliveryType(Outcome.RETURNED);

  private final EventBatches batches;
  private final ReturnRepository returns;
  private final TransactionOperations transaction;

  ReturnListener(
      EventBatches batches, ReturnRepository returns, TransactionOperations transaction) {
    this.batches = batches;
    this.returns = returns;
    this.transaction = transaction;
  }

  @KafkaListener(
      id = GROUP,
      groupId = GROUP,
      topics = "#{T(io.fanfare.contract.Topics).DELIVERY_EVENTS.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    // By the header: of thousands of events a second hardly any is a return, none is decoded else.
    List<ConsumerRecord<String, byte[]>> returned =
        records.stream().filter(record -> mayBeReturn(EventRecords.typeOf(record))).toList();
    if (!returned.isEmpty()) {
      batches.handle(GROUP, DeliveryEvent.class, returned, this::putBack);
    }
  }

  private static boolean mayBeReturn(@Nullable String type) {
    return type == null || type.equals(RETURNED);
  }

  private void putBack(List<DeliveryEvent> events) {
    List<DeliveryEvent> firstCommands =
        events.stream().filter(ReturnPolicy::goesBackToPending).toList();
    if (!firstCommands.isEmpty()) {
      transaction.executeWithoutResult(status -> returns.putBack(firstCommands));
    }
  }
}
