package io.fanfare.dispatch.engagement.intake;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.UndecodableEvent;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementReported;
import io.fanfare.dispatch.engagement.EngagementPublisher;
import io.fanfare.dispatch.engagement.intake.EngagementIntake.Judged;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.EventRecords;
import io.fanfare.support.kafka.TopicsReady;
import io.fanfare.support.problem.FieldProblem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/**
 * Takes what internal systems report of recipients: CloudEvents in Kafka's binary mode. A record
 * names its tenant in {@code ce_tenantid}, which must be the broadcast's. What is wrong goes to the
 * dead-letter topic with the reason; what may pass with time is tried again. Everything else on the
 * topic is for others.
 */
@Component
class ReportedEngagementListener {

  private static final String GROUP = Topics.Groups.DISPATCH_EXTERNAL;
  private static final String TYPE = "engagement.reported";

  /** Events of one broadcast judged together, as many as in a request. */
  private static final int TOGETHER = EngagementIntakeController.MOST_EVENTS;

  private record Named(UUID tenantId, UUID broadcastId) {}

  private record Reported(ConsumerRecord<String, byte[]> record, ReportedEvent event) {}

  private final EventBatches batches;
  private final EngagementIntake intake;

  ReportedEngagementListener(EventBatches batches, EngagementIntake intake, TopicsReady topics) {
    this.batches = batches;
    this.intake = intake;
  }

  @KafkaListener(id = GROUP, groupId = GROUP, topics = "external.events")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    Map<Named, List<Reported>> byBroadcast = new LinkedHashMap<>();
    for (ConsumerRecord<String, byte[]> record : records) {
      if (!TYPE.equals(EventRecords.typeOf(record))) {
        continue;
      }
      try {
        UUID tenantId = tenant(record);
        EngagementReported said = EventCodec.decode(EngagementReported.class, record.value());
        byBroadcast
            .computeIfAbsent(new Named(tenantId, said.broadcastId()), named -> new ArrayList<>())
            .add(
                new Reported(
                    record, ReportedEvent.of(said, Instant.ofEpochMilli(record.timestamp()))));
      } catch (UndecodableEvent e) {
        batches.setAside(GROUP, record, "undecodable: " + e.getMessage());
      }
    }
    byBroadcast.forEach((named, reported) -> {
      for (int from = 0; from < reported.size(); from += TOGETHER) {
        take(named, reported.subList(from, Math.min(reported.size(), from + TOGETHER)));
      }
    });
  }

  private void take(Named named, List<Reported> reported) {
    Optional<FiledBroadcast> broadcast =
        intake.findBroadcast(named.tenantId(), named.broadcastId());
    if (broadcast.isEmpty()) {
      String reason =
          "broadcast_not_found: there is no broadcast "
              + named.broadcastId()
              + " of which anything was sent";
      reported.forEach(each -> batches.setAside(GROUP, each.record(), reason));
      return;
    }
    List<EngagementEvent> right = new ArrayList<>();
    // Every record has its own place for what is wrong with it, and its own end.
    List<String> pointers = reported.stream().map(each -> "").toList();
    List<ReportedEvent> events = reported.stream().map(Reported::event).toList();
    List<Judged> judged = intake.judge(broadcast.get(), events, pointers);
    for (int i = 0; i < reported.size(); i++) {
      EngagementEvent event = judged.get(i).event();
      List<FieldProblem> problems =
          event == null ? judged.get(i).problems() : nameProblems(broadcast.get(), event);
      if (event != null && problems.isEmpty()) {
        right.add(event);
      } else {
        batches.setAside(GROUP, reported.get(i).record(), reason(problems));
      }
    }
    try {
      intake.publish(right);
    } catch (EngagementPublisher.NotConfirmed e) {
      throw new TransientDataAccessResourceException("events not acknowledged", e);
    }
  }

  private List<FieldProblem> nameProblems(FiledBroadcast broadcast, EngagementEvent event) {
    return intake.admitNames(broadcast, List.of(event)).isEmpty()
        ? List.of()
        : List.of(EngagementIntake.noRoom(""));
  }

  private static UUID tenant(ConsumerRecord<String, byte[]> record) {
    Header header = record.headers().lastHeader("ce_tenantid");
    byte @Nullable [] value = header == null ? null : header.value();
    if (value == null) {
      throw new UndecodableEvent("no ce_tenantid header");
    }
    String text = new String(value, StandardCharsets.UTF_8);
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new UndecodableEvent("ce_tenantid is no id", e);
    }
  }

  private static String reason(List<FieldProblem> problems) {
    return "invalid_request: "
        + problems.stream()
            .map(problem -> problem.pointer() + " " + problem.detail())
            .collect(Collectors.joining("; "));
  }
}
