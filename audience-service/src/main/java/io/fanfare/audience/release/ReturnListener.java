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
 * retried before belong to retry-service. Plans who fell back on the next channel. Keeps who is in
 * doubt for good, for the completion.
 */
@Component
class ReturnListener {

  private static final String GROUP = Topics.Groups.AUDIENCE_RETURN;
  private static final String RETURNED = EventCodec.deliveryType(Outcome.RETURNED);

  private static final String FELL_BACK = EventCodec.deliveryType(Outcome.FELL_BACK);
  private static final String IN_DOUBT = EventCodec.deliveryType(Outcome.IN_DOUBT);

  private final EventBatches batches;
  private final ReturnRepository returns;
  private final FallbackRepository fallbacks;
  private final InDoubtEndRepository inDoubtEnds;
  private final TransactionOperations transaction;

  ReturnListener(
      EventBatches batches,
      ReturnRepository returns,
      FallbackRepository fallbacks,
      InDoubtEndRepository inDoubtEnds,
      TransactionOperations transaction) {
    this.batches = batches;
    this.returns = returns;
    this.fallbacks = fallbacks;
    this.inDoubtEnds = inDoubtEnds;
    this.transaction = transaction;
  }

  @KafkaListener(
      id = GROUP,
      groupId = GROUP,
      topics = "#{T(io.fanfare.contract.Topics).DELIVERY_EVENTS.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    // By the header: of thousands of events a second hardly any is one of these, and none is
    // decoded
    // else.
    List<ConsumerRecord<String, byte[]>> ours =
        records.stream().filter(record -> mayBeOurs(EventRecords.typeOf(record))).toList();
    if (!ours.isEmpty()) {
      batches.handle(GROUP, DeliveryEvent.class, ours, this::keep);
    }
  }

  private static boolean mayBeOurs(@Nullable String type) {
    return type == null || type.equals(RETURNED) || type.equals(FELL_BACK) || type.equals(IN_DOUBT);
  }

  private void keep(List<DeliveryEvent> events) {
    putBack(events);
    takeOn(events);
    List<DeliveryEvent> inDoubt =
        events.stream().filter(event -> event.outcome() == Outcome.IN_DOUBT).toList();
    if (!inDoubt.isEmpty()) {
      inDoubtEnds.keep(inDoubt);
    }
  }

  private void takeOn(List<DeliveryEvent> events) {
    List<DeliveryEvent> fellBack =
        events.stream().filter(event -> event.outcome() == Outcome.FELL_BACK).toList();
    if (!fellBack.isEmpty()) {
      transaction.executeWithoutResult(status -> fallbacks.takeOn(fellBack));
    }
  }

  private void putBack(List<DeliveryEvent> events) {
    List<DeliveryEvent> firstCommands =
        events.stream().filter(ReturnPolicy::goesBackToPending).toList();
    if (!firstCommands.isEmpty()) {
      transaction.executeWithoutResult(status -> returns.putBack(firstCommands));
    }
  }
}
