package io.fanfare.analytics.abtest;

import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.GlobalStop;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.TopicsReady;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Takes up the tests of broadcasts that start, and what becomes of these broadcasts. */
@Component
class AbTestControlListener {

  private final EventBatches batches;
  private final AbTests tests;

  AbTestControlListener(EventBatches batches, AbTests tests, TopicsReady topicsReady) {
    this.batches = batches;
    this.tests = tests;
  }

  @KafkaListener(
      id = Topics.Groups.ANALYTICS_CONTROL,
      groupId = Topics.Groups.ANALYTICS_CONTROL,
      topics = "#{T(io.fanfare.contract.Topics).BROADCAST_CONTROL.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    batches.handle(
        Topics.Groups.ANALYTICS_CONTROL,
        BroadcastControl.class,
        records.stream().filter(record -> !GlobalStop.KEY.equals(record.key())).toList(),
        controls -> controls.forEach(tests::follow));
  }
}
