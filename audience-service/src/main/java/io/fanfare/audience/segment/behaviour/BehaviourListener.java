package io.fanfare.audience.segment.behaviour;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.EventRecords;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Keeps who was sent what, and who opened, clicked and answered it. */
@Component
class BehaviourListener {

  private static final String SENT_GROUP = Topics.Groups.AUDIENCE_SENT;
  private static final String BEHAVIOUR_GROUP = Topics.Groups.AUDIENCE_BEHAVIOUR;
  private static final String SENT = EventCodec.deliveryType(Outcome.SENT);
  private static final Set<String> BEHAVIOURS =
      Set.of("engagement.opened", "engagement.clicked", "engagement.replied", "engagement.button");

  private final EventBatches batches;
  private final BehaviourRepository behaviours;

  BehaviourListener(EventBatches batches, BehaviourRepository behaviours) {
    this.batches = batches;
    this.behaviours = behaviours;
  }

  @KafkaListener(
      id = SENT_GROUP,
      groupId = SENT_GROUP,
      topics = "#{T(io.fanfare.contract.Topics).DELIVERY_EVENTS.name()}")
  void onDelivery(List<ConsumerRecord<String, byte[]>> records) {
    List<ConsumerRecord<String, byte[]>> sent =
        records.stream().filter(record -> isOneOf(record, Set.of(SENT))).toList();
    if (!sent.isEmpty()) {
      batches.handle(
          SENT_GROUP,
          DeliveryEvent.class,
          sent,
          events -> {
            BehaviourTally tally = new BehaviourTally();
            events.forEach(tally::add);
            behaviours.merge(tally);
          });
    }
  }

  @KafkaListener(
      id = BEHAVIOUR_GROUP,
      groupId = BEHAVIOUR_GROUP,
      topics = "#{T(io.fanfare.contract.Topics).ENGAGEMENT_EVENTS.name()}")
  void onEngagement(List<ConsumerRecord<String, byte[]>> records) {
    List<ConsumerRecord<String, byte[]>> ours =
        records.stream().filter(record -> isOneOf(record, BEHAVIOURS)).toList();
    if (!ours.isEmpty()) {
      batches.handle(
          BEHAVIOUR_GROUP,
          EngagementEvent.class,
          ours,
          events -> {
            BehaviourTally tally = new BehaviourTally();
            events.forEach(tally::add);
            behaviours.merge(tally);
          });
    }
  }

  private static boolean isOneOf(ConsumerRecord<String, byte[]> record, Set<String> types) {
    @Nullable String type = EventRecords.typeOf(record);
    return type == null || types.contains(type);
  }
}
