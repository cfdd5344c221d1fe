package io.fanfare.retry.undecodable;

import io.fanfare.contract.Topic;
import io.fanfare.retry.undecodable.UndecodableEvent.State;
import io.fanfare.retry.undecodable.UndecodableRepository.Stored;
import io.fanfare.support.Ids;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.kafka.EventProducer;
import io.fanfare.support.problem.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Publishes set-aside records again or leaves them; every change is audited in its own transaction.
 * Only a person's order publishes one: a record that fails again comes back as another, counted,
 * and waits for the next order.
 */
@Service
class UndecodableEvents {

  private static final int PORTION = 100;
  private static final String RESOURCE = "undecodable_event";

  private final UndecodableRepository events;
  private final EventProducer producer;
  private final AuditTrail audit;
  private final TransactionTemplate transaction;

  UndecodableEvents(
      UndecodableRepository events,
      EventProducer producer,
      AuditTrail audit,
      TransactionTemplate transaction) {
    this.events = events;
    this.producer = producer;
    this.audit = audit;
    this.transaction = transaction;
  }

  /** One with all there is; 404 when it is not there. */
  UndecodableEvent get(UUID id) {
    return events.find(id).orElseThrow(() -> ProblemException.notFound(RESOURCE, id));
  }

  /** Publishes it again; 404, or 409 when it is not open or its topic keeps the newest per key. */
  UndecodableEvent requeue(Identity who, UUID id) {
    change(
        who,
        id,
        "requeue",
        State.REQUEUED,
        stored -> {
          refuseWhenCompacted(DeadLetterTopics.of(stored.deadLetterTopic()).topic());
          publish(stored);
        });
    return get(id);
  }

  /** Leaves it for good; 404, or 409 when it is not open. */
  UndecodableEvent discard(Identity who, UUID id) {
    change(who, id, "discard", State.DISCARDED, stored -> {});
    return get(id);
  }

  /** Publishes all open ones of a topic again that were set aside until now; returns how many. */
  int requeueAll(Identity who, Topic topic, @Nullable String group) {
    refuseWhenCompacted(topic);
    return changeAll(
        topic, group, id -> changed(who, id, "requeue", State.REQUEUED, this::publish));
  }

  /** Leaves all open ones of a topic for good that were set aside until now; returns how many. */
  int discardAll(Identity who, Topic topic, @Nullable String group) {
    return changeAll(
        topic, group, id -> changed(who, id, "discard", State.DISCARDED, stored -> {}));
  }

  private int changeAll(Topic topic, @Nullable String group, Predicate<UUID> change) {
    int total = 0;
    // Going down from here: what fails again meanwhile is newer, and no order is meant for it.
    UUID before = Ids.next();
    List<UndecodableEvent> portion;
    do {
      portion = events.list(State.OPEN, topic.name(), group, before, PORTION);
      for (UndecodableEvent event : portion) {
        total += change.test(event.id()) ? 1 : 0;
        before = event.id();
      }
    } while (portion.size() == PORTION);
    return total;
  }

  private void change(Identity who, UUID id, String action, State state, Consumer<Stored> first) {
    if (!changed(who, id, action, state, first)) {
      throw ProblemException.conflict(
          "undecodable_event_not_open", "the event is " + get(id).state().id());
    }
  }

  private boolean changed(
      Identity who, UUID id, String action, State state, Consumer<Stored> first) {
    Boolean changed =
        transaction.execute(status -> {
          Stored stored =
              events.lock(id).orElseThrow(() -> ProblemException.notFound(RESOURCE, id));
          if (stored.state() != State.OPEN) {
            return false;
          }
          first.accept(stored);
          events.mark(id, state);
          audit.record(
              who,
              action,
              RESOURCE,
              id.toString(),
              Map.of("state", State.OPEN.id()),
              Map.of("state", state.id()));
          return true;
        });
    return Boolean.TRUE.equals(changed);
  }

  /** Waits for the broker: only then it counts as requeued, else it stays open. */
  private void publish(Stored stored) {
    Topic topic = DeadLetterTopics.of(stored.deadLetterTopic()).topic();
    try {
      producer
          .send(
              topic.name(),
              stored.key(),
              stored.payload(),
              RecordHeaders.outgoing(stored.headers(), stored.requeues() + 1))
          .join();
    } catch (CompletionException e) {
      throw ProblemException.unavailable(
          "broker_unavailable", "the broker did not take the event; it is still open");
    }
  }

  private static void refuseWhenCompacted(Topic topic) {
    if (topic.compacted()) {
      throw ProblemException.conflict(
          "topic_keeps_newest",
          topic.name()
              + " keeps the newest record of each key: an old one published again would take the"
              + " place of a newer one");
    }
  }
}
