package io.fanfare.analytics.abtest;

import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.TopicsReady;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Hears how large the variants of a test are, once its audience is frozen. */
@Component
class AbTestSignalListener {

  private final EventBatches batches;
  private final AbTests tests;

  AbTestSignalListener(EventBatches batches, AbTests tests, TopicsReady topicsReady) {
    this.batches = batches;
    this.tests = tests;
  }

  @KafkaListener(
      id = Topics.Groups.ANALYTICS_SIGNAL,
      groupId = Topics.Groups.ANALYTICS_SIGNAL,
      topics = "#{T(io.fanfare.contract.Topics).BROADCAST_SIGNAL.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    batches.handle(
        Topics.Groups.ANALYTICS_SIGNAL,
        BroadcastSignal.class,
        records,
        signals -> signals.forEach(tests::frozen));
  }
}
