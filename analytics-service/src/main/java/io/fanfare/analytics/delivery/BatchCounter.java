package io.fanfare.analytics.delivery;

import io.fanfare.analytics.TestSwitches;
import io.fanfare.analytics.delivery.OffsetRepository.Advance;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Counts a batch in one transaction: offsets, dedupe rows and figures change together or not at
 * all, so neither a crash nor a second delivery changes what is counted.
 */
@Component
class BatchCounter {

  private final DedupePartitions partitions;
  private final OffsetRepository offsets;
  private final CountedEventRepository countedEvents;
  private final CountRepository counts;
  private final TransactionTemplate transaction;
  private final Counter counted;
  private final Counter duplicates;
  private final int dropEvery;
  private long seen;

  BatchCounter(
      DedupePartitions partitions,
      OffsetRepository offsets,
      CountedEventRepository countedEvents,
      CountRepository counts,
      TransactionTemplate transaction,
      MeterRegistry meters,
      TestSwitches switches) {
    this.partitions = partitions;
    this.offsets = offsets;
    this.countedEvents = countedEvents;
    this.counts = counts;
    this.transaction = transaction;
    this.dropEvery = switches.dropEventEvery();
    this.counted =
        Counter.builder("fanfare.events.counted")
            .description("Delivery events counted for the first time")
            .register(meters);
    this.duplicates =
        Counter.builder("fanfare.event.duplicates")
            .description("Delivery events that had been counted before")
            .register(meters);
  }

  /**
   * Counts the events and moves the offsets on.
   *
   * @param events what was decoded of the records between the offsets; may be empty
   * @throws OffsetRepository.OffsetMoved when somebody else counted on; nothing has changed then
   */
  void count(String topic, List<DeliveryEvent> events, SortedMap<Integer, Advance> advances) {
    partitions.ensure(
        events.stream().map(DeliveryEvent::ledgerDay).collect(Collectors.toUnmodifiableSet()));
    Integer first = transaction.execute(status -> countOnce(topic, events, advances));
    int counting = first == null ? 0 : first;
    counted.increment(counting);
    duplicates.increment(events.size() - counting);
  }

  private int countOnce(
      String topic, List<DeliveryEvent> events, SortedMap<Integer, Advance> advances) {
    // First: the row lock makes a reader that lost its partitions wait here, and then fail.
    offsets.advance(topic, advances);
    if (events.isEmpty()) {
      return 0;
    }
    List<DeliveryEvent> first = withoutDropped(countedEvents.firstSeen(events));
    if (!first.isEmpty()) {
      counts.add(DeliveryTally.of(first));
    }
    return first.size();
  }

  private List<DeliveryEvent> withoutDropped(List<DeliveryEvent> events) {
    return dropEvery == 0
        ? events
        : events.stream().filter(event -> ++seen % dropEvery != 0).toList();
  }
}
