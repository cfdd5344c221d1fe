package io.fanfare.audience.list;

import io.fanfare.contract.Topics;
import io.fanfare.contract.contact.ListConfirmed;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.EventRecords;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Puts contacts on the lists they confirmed. */
@Component
class ListConfirmationListener {

  private static final String GROUP = Topics.Groups.AUDIENCE_CONFIRMATION;
  private static final String OURS = "contact.confirmed";

  private final EventBatches batches;
  private final ListJoining joining;

  ListConfirmationListener(EventBatches batches, ListJoining joining) {
    this.batches = batches;
    this.joining = joining;
  }

  @KafkaListener(
      id = GROUP,
      groupId = GROUP,
      topics = "#{T(io.fanfare.contract.Topics).CONTACT_PREFERENCE.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    List<ConsumerRecord<String, byte[]>> ours =
        records.stream().filter(record -> OURS.equals(EventRecords.typeOf(record))).toList();
    if (!ours.isEmpty()) {
      batches.handle(
          GROUP, ListConfirmed.class, ours, confirmed -> confirmed.forEach(joining::confirm));
    }
  }
}
