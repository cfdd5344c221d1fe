package io.fanfare.broadcast.audit;

import io.fanfare.contract.Topics;
import io.fanfare.contract.audit.AuditRecorded;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.TopicsReady;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Takes what every service recorded, this one included, into the audit log. */
@Component
class AuditListener {

  private static final String GROUP = Topics.Groups.BROADCAST_AUDIT;

  private final EventBatches batches;
  private final AuditRepository repository;

  AuditListener(EventBatches batches, AuditRepository repository, TopicsReady ready) {
    this.batches = batches;
    this.repository = repository;
  }

  @KafkaListener(id = GROUP, groupId = GROUP, topics = "audit.recorded")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    batches.handle(GROUP, AuditRecorded.class, records, repository::store);
  }
}
