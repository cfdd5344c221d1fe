package io.fanfare.retry.undecodable;

import io.fanfare.contract.Topics;
import io.fanfare.support.kafka.TopicsReady;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/**
 * Files what the consumer groups have set aside. It reads no record's content, so none can be too
 * broken for it, and it has no dead-letter topic of its own.
 */
@Component
class UndecodableListener {

  private final UndecodableRepository events;

  UndecodableListener(UndecodableRepository events, TopicsReady topicsReady) {
    this.events = events;
  }

  @KafkaListener(
      id = Topics.Groups.RETRY_UNDECODABLE,
      groupId = Topics.Groups.RETRY_UNDECODABLE,
      topics = "#{T(io.fanfare.contract.Topics).deadLetterTopics()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    events.file(records);
  }
}
