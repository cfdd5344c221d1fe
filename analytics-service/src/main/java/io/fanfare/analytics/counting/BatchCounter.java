package io.fanfare.analytics.counting;

import io.fanfare.analytics.counting.OffsetRepository.Advance;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Counts a batch in one transaction: offsets, dedupe rows and figures change together or not at
 * all, so neither a crash nor a second delivery changes what is counted.
 */
final class BatchCounter<E extends Record> {

  private final Feed<E> feed;
  private final DedupePartitions partitions;
  private final OffsetRepository offsets;
  private final CountedEventRepository countedEvents;
  private final Figures<E> figures;
  private final TransactionTemplate transaction;
  private final Counter counted;
  private final Counter duplicates;
  private final Counter late;
  private final int dropEvery;
  private long seen;

  BatchCounter(
      Feed<E> feed,
      DedupePartitions partitions,
      OffsetRepository offsets,
      CountedEventRepository countedEvents,
      Figures<E> figures,
      TransactionTemplate transaction,
      MeterRegistry meters,
      int dropEvery) {
    this.feed = feed;
    this.partitions = partitions;
    this.offsets = offsets;
    this.countedEvents = countedEvents;
    this.figures = figures;
    this.transaction = transaction;
    this.dropEvery = dropEvery;
    this.counted =
        Counter.builder("fanfare.events.counted")
            .description("Events counted for the first time")
            .tag("topic", feed.topic().name())
            .register(meters);
    this.duplicates =
        Counter.builder("fanfare.event.duplicates")
            .description("Events that had been counted before")
            .tag("topic", feed.topic().name())
            .register(meters);
    this.late =
        Counter.builder("fanfare.events.late")
            .description("Events of sealed broadcasts, which were set aside")
            .tag("topic", feed.topic().name())
            .register(meters);
  }

  /**
   * Counts the events and moves the offsets on.
   *
   * @param events what was decoded of the records between the offsets; may be empty
   * @param setAside takes what comes too late to be counted, before the offsets move past it
   * @throws OffsetRepository.OffsetMoved when somebody else counted on; nothing has changed then
   */
  void count(List<E> events, SortedMap<Integer, Advance> advances, Consumer<E> setAside) {
    partitions.ensure(
        feed.dedupeTable(),
        events.stream().map(feed::dayOf).collect(Collectors.toUnmodifiableSet()));
    Outcome outcome = transaction.execute(status -> countOnce(events, advances, setAside));
    Outcome known = outcome == null ? Outcome.NOTHING : outcome;
    counted.increment(known.counted);
    late.increment(known.late);
    duplicates.increment(events.size() - known.counted - known.late);
  }

  private record Outcome(int counted, int late) {
    static final Outcome NOTHING = new Outcome(0, 0);
  }

  private Outcome countOnce(
      List<E> events, SortedMap<Integer, Advance> advances, Consumer<E> setAside) {
    // First: the row lock makes a reader that lost its partitions wait here, and then fail.
    offsets.advance(feed.topic().name(), advances);
    if (events.isEmpty()) {
      return Outcome.NOTHING;
    }
    List<E> first = withoutDropped(countedEvents.firstSeen(feed, events));
    List<E> late = first.isEmpty() ? List.of() : figures.late(first);
    late.forEach(setAside);
    List<E> countable = late.isEmpty() ? first : without(first, late);
    if (!countable.isEmpty()) {
      figures.add(countable);
    }
    return new Outcome(countable.size(), late.size());
  }

  private List<E> without(List<E> events, List<E> late) {
    Set<UUID> ids = late.stream().map(feed::idOf).collect(Collectors.toUnmodifiableSet());
    return events.stream().filter(event -> !ids.contains(feed.idOf(event))).toList();
  }

  private List<E> withoutDropped(List<E> events) {
    return dropEvery == 0
        ? events
        : events.stream().filter(event -> ++seen % dropEvery != 0).toList();
  }
}
