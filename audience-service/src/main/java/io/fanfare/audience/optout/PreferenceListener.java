package io.fanfare.audience.optout;

import io.fanfare.contract.Topics;
import io.fanfare.contract.contact.ContactPreference;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.EventRecords;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Does what contacts chose on the page of their preferences. */
@Component
class PreferenceListener {

  private static final String GROUP = Topics.Groups.AUDIENCE_PREFERENCE;

  /** What lists are confirmed is theirs to hear. */
  private static final String OF_OTHERS = "contact.confirmed";

  private final EventBatches batches;
  private final OptOutEditor editor;

  PreferenceListener(EventBatches batches, OptOutEditor editor) {
    this.batches = batches;
    this.editor = editor;
  }

  @KafkaListener(
      id = GROUP,
      groupId = GROUP,
      topics = "#{T(io.fanfare.contract.Topics).CONTACT_PREFERENCE.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    List<ConsumerRecord<String, byte[]>> ours =
        records.stream().filter(record -> !OF_OTHERS.equals(EventRecords.typeOf(record))).toList();
    if (ours.isEmpty()) {
      return;
    }
    // Each in a transaction of its own: two batches that lock several contacts could wait for
    // another.
    batches.handle(GROUP, ContactPreference.class, ours, chosen -> chosen.forEach(editor::choose));
  }
}
