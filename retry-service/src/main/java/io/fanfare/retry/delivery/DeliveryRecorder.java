package io.fanfare.retry.delivery;

import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.retry.broadcast.BroadcastPolicy;
import io.fanfare.retry.broadcast.BroadcastPolicyRepository;
import io.fanfare.retry.deadletter.DeadLetterRepository;
import io.fanfare.retry.due.Recipient;
import io.fanfare.retry.due.Retry;
import io.fanfare.retry.due.RetryRepository;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Records what comes of a batch of results in one transaction. A batch that is delivered again
 * changes nothing: every recipient remembers the highest issue it has heard of.
 */
@Component
class DeliveryRecorder {

  private final RetryRepository retries;
  private final DeadLetterRepository deadLetters;
  private final BroadcastPolicyRepository policies;

  DeliveryRecorder(
      RetryRepository retries,
      DeadLetterRepository deadLetters,
      BroadcastPolicyRepository policies) {
    this.retries = retries;
    this.deadLetters = deadLetters;
    this.policies = policies;
  }

  @Transactional
  public void record(List<DeliveryEvent> batch) {
    List<DeliveryEvent> events = batch.stream().filter(RetryPlanner::concerns).toList();
    if (events.isEmpty()) {
      return;
    }
    Map<Recipient, Retry> known =
        retries.find(events.stream().map(Recipient::of).collect(Collectors.toUnmodifiableSet()));
    Map<UUID, BroadcastPolicy> policyOf =
        policies.find(
            events.stream()
                .map(DeliveryEvent::broadcastId)
                .collect(Collectors.toUnmodifiableSet()));
    SortedMap<Recipient, Retry> changed = new TreeMap<>();
    List<DeliveryEvent> ends = new ArrayList<>();
    List<DeliveryEvent> givenUp = new ArrayList<>();
    for (DeliveryEvent event : events) {
      Recipient recipient = Recipient.of(event);
      Retry before = changed.getOrDefault(recipient, known.get(recipient));
      switch (RetryPlanner.decide(before, event, policyOf.get(event.broadcastId()))) {
        case RetryDecision.Ignored() -> {}
        case RetryDecision.Waits(Retry retry) -> changed.put(recipient, retry);
        case RetryDecision.Ended(Retry retry) -> {
          changed.put(recipient, retry);
          ends.add(event);
        }
        case RetryDecision.GivenUp(Retry retry) -> {
          changed.put(recipient, retry);
          ends.add(event);
          givenUp.add(event);
        }
      }
    }
    write(changed, ends, givenUp);
  }

  private void write(
      SortedMap<Recipient, Retry> changed, List<DeliveryEvent> ends, List<DeliveryEvent> givenUp) {
    // Dead letters first, as when one is requeued: two transactions never wait for each other.
    if (!givenUp.isEmpty()) {
      deadLetters.open(givenUp);
    }
    if (!ends.isEmpty()) {
      deadLetters.resolve(ends);
    }
    if (!changed.isEmpty()) {
      retries.save(changed.values());
    }
  }
}
