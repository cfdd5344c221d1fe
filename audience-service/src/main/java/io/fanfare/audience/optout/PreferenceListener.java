package io.fanfare.audience.optout;

import io.fanfare.contract.Topics;
import io.fanfare.contract.contact.ContactPreference;
import io.fanfare.support.kafka.EventBatches;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Does what contacts chose on the page of their preferences. */
@Component
class PreferenceListener {

  private static final String GROUP = Topics.Groups.AUDIENCE_PREFERENCE;

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
    // Each in a transaction of its own: two batches that lock several contacts could wait for
    // another.
    batches.handle(
        GROUP, ContactPreference.class, records, chosen -> chosen.forEach(editor::choose));
  }
}
