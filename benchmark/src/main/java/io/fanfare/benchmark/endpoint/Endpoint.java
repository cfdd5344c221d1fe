package io.fanfare.benchmark.endpoint;

import io.fanfare.contract.engagement.EngagementEvent;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint, and how its requests are recognised on the topic.
 *
 * @param status of a right answer
 * @param request the bytes of the request of a number
 * @param contact whom the request of a number is about
 * @param eventId the event's id where the request says it; else null
 */
record Endpoint(
    String name,
    int status,
    IntFunction<byte[]> request,
    IntToLongFunction contact,
    @Nullable IntFunction<UUID> eventId) {

  /** The same by another name. */
  Endpoint named(String other) {
    return new Endpoint(other, status, request, contact, eventId);
  }

  /** How many of the accepted requests are not on the topic, or more than once. */
  long wrong(BitSet accepted, List<EngagementEvent> events) {
    Map<Long, Integer> missing = new HashMap<>();
    Set<UUID> expected = new HashSet<>();
    accepted.stream()
        .forEach(number -> {
          missing.merge(contact.applyAsLong(number), 1, Integer::sum);
          if (eventId != null) {
            expected.add(eventId.apply(number));
          }
        });
    Set<UUID> seen = new HashSet<>();
    long wrong = 0;
    for (EngagementEvent event : events) {
      missing.merge(event.contactId(), -1, Integer::sum);
      boolean first = seen.add(event.eventId());
      if (!first || eventId != null && !expected.contains(event.eventId())) {
        wrong++;
      }
    }
    return wrong + missing.values().stream().mapToLong(Math::abs).sum();
  }
}
