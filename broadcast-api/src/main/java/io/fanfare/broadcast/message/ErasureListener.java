package io.fanfare.broadcast.message;

import io.fanfare.contract.Topics;
import io.fanfare.contract.contact.ContactErased;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.TopicsReady;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Forgets by which name a contact was written to, once the contact is erased. */
@Component
class ErasureListener {

  private static final String GROUP = Topics.Groups.BROADCAST_ERASURE;

  private final EventBatches batches;
  private final MessageRepository messages;

  ErasureListener(EventBatches batches, MessageRepository messages, TopicsReady ready) {
    this.batches = batches;
    this.messages = messages;
  }

  @KafkaListener(id = GROUP, groupId = GROUP, topics = "contact.events")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    batches.handle(
        GROUP,
        ContactErased.class,
        records,
        erased -> erased.forEach(one -> messages.forgetName(one.tenantId(), one.contactId())));
  }
}
