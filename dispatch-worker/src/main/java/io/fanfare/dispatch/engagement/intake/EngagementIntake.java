package io.fanfare.dispatch.engagement.intake;

import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import io.fanfare.dispatch.engagement.EngagementPublisher;
import io.fanfare.dispatch.engagement.intake.SentMessageRepository.Recipient;
import io.fanfare.support.problem.FieldProblem;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Judges reported events by themselves and beside the ledger, and publishes those that are right.
 * HTTP and Kafka come to the same.
 */
@Component
class EngagementIntake {

  /**
   * What becomes of a reported event.
   *
   * @param event null where there is something wrong
   * @param problems what is wrong
   */
  record Judged(@Nullable EngagementEvent event, List<FieldProblem> problems) {}

  private final SentMessages sentMessages;
  private final CustomNames names;
  private final EngagementPublisher publisher;
  private final Clock clock;

  EngagementIntake(
      SentMessages sentMessages, CustomNames names, EngagementPublisher publisher, Clock clock) {
    this.sentMessages = sentMessages;
    this.names = names;
    this.publisher = publisher;
    this.clock = clock;
  }

  /** A tenant's broadcast of which something was sent. */
  Optional<FiledBroadcast> findBroadcast(UUID tenantId, UUID broadcastId) {
    return sentMessages.findBroadcast(tenantId, broadcastId);
  }

  /**
   * Judges the events of one broadcast, with one look at the ledger.
   *
   * @param pointers where each event is, for what is wrong with it
   */
  List<Judged> judge(
      FiledBroadcast broadcast, List<ReportedEvent> reported, List<String> pointers) {
    Instant now = clock.instant();
    Map<Recipient, SentMessage> sent =
        sentMessages.findSent(broadcast.ledgerDay(), recipients(broadcast, reported));
    List<Judged> judged = new ArrayList<>(reported.size());
    for (int i = 0; i < reported.size(); i++) {
      ReportedEvent event = reported.get(i);
      List<FieldProblem> problems = IntakePolicy.problems(event, pointers.get(i), now);
      Recipient recipient = recipient(broadcast, event);
      SentMessage message = recipient == null ? null : sent.get(recipient);
      FieldProblem beside =
          recipient == null ? null : IntakePolicy.problem(event, message, pointers.get(i));
      if (beside != null) {
        problems.add(beside);
      }
      judged.add(
          new Judged(
              message == null || !problems.isEmpty()
                  ? null
                  : IntakePolicy.event(broadcast, event, message, now),
              problems));
    }
    return judged;
  }

  private static Set<Recipient> recipients(FiledBroadcast broadcast, List<ReportedEvent> reported) {
    Set<Recipient> recipients = new LinkedHashSet<>();
    for (ReportedEvent event : reported) {
      Recipient recipient = recipient(broadcast, event);
      if (recipient != null) {
        recipients.add(recipient);
      }
    }
    return recipients;
  }

  private static @Nullable Recipient recipient(FiledBroadcast broadcast, ReportedEvent event) {
    return event.contactId() == null || event.channel() == null
        ? null
        : new Recipient(broadcast.broadcastId(), event.contactId(), event.channel());
  }

  /**
   * Lets the names of custom events in; none of them when there is no room for all.
   *
   * @return those without room
   */
  Set<String> admitNames(FiledBroadcast broadcast, List<EngagementEvent> events) {
    Set<String> custom = new LinkedHashSet<>();
    for (EngagementEvent event : events) {
      if (event.kind() == Kind.CUSTOM && event.name() != null) {
        custom.add(event.name());
      }
    }
    return names.admit(broadcast, custom);
  }

  /** What is wrong with a name without room. */
  static FieldProblem noRoom(String pointer) {
    return new FieldProblem(
        pointer + "/name",
        "the broadcast has custom events of "
            + CustomNameRepository.MOST_NAMES
            + " names already, and this is another");
  }

  /**
   * Publishes events; returns when the broker has all of them.
   *
   * @throws EngagementPublisher.NotConfirmed when it does not say so in time: they may be there or
   *     not, and can be published again
   */
  void publish(List<EngagementEvent> events) {
    try {
      publisher.publish(events).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof EngagementPublisher.NotConfirmed notConfirmed) {
        throw notConfirmed;
      }
      throw e;
    }
  }
}
