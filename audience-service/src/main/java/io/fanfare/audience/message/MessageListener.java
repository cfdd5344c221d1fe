package io.fanfare.audience.message;

import io.fanfare.contract.Topics;
import io.fanfare.contract.message.MessageAccepted;
import io.fanfare.support.kafka.EventBatches;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Takes in single messages. */
@Component
class MessageListener {

  private static final String GROUP = Topics.Groups.AUDIENCE_MESSAGE;

  private final EventBatches batches;
  private final MessageIntake intake;

  MessageListener(EventBatches batches, MessageIntake intake) {
    this.batches = batches;
    this.intake = intake;
  }

  @KafkaListener(
      id = GROUP,
      groupId = GROUP,
      topics = "#{T(io.fanfare.contract.Topics).MESSAGE_ACCEPTED.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    batches.handle(GROUP, MessageAccepted.class, records, intake::take);
  }
}
