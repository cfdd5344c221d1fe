package io.fanfare.analytics.counting;

import io.fanfare.analytics.counting.OffsetRepository.Advance;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.UndecodableEvent;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Records in, counted events out; what is no event, or holds what no figure can, goes to the
 * dead-letter topic before the offsets move past it.
 */
public final class RecordCounter<E extends Record> {

  private static final Logger log = LoggerFactory.getLogger(RecordCounter.class);
  private static final int DAYS_AHEAD = 2;

  private final Feed<E> feed;
  private final BatchCounter<E> counter;
  private final DeadLetters deadLetters;

  RecordCounter(Feed<E> feed, BatchCounter<E> counter, DeadLetters deadLetters) {
    this.feed = feed;
    this.counter = counter;
    this.deadLetters = deadLetters;
  }

  /**
   * Counts records.
   *
   * @param positions the next offset of each partition as stored; moved on to where they are stored
   *     afterwards
   */
  public void count(
      Iterable<ConsumerRecord<String, byte[]>> records, SortedMap<Integer, Long> positions) {
    List<E> events = new ArrayList<>();
    Map<E, ConsumerRecord<String, byte[]>> origins = new IdentityHashMap<>();
    SortedMap<Integer, Advance> advances = new TreeMap<>();
    for (ConsumerRecord<String, byte[]> record : records) {
      decode(record)
          .ifPresent(event -> {
            events.add(event);
            origins.put(event, record);
          });
      advances.put(record.partition(), advance(record, positions));
    }
    try {
      counter.count(events, advances, event -> setAsideLate(origins.get(event)));
      moveOn(positions, advances);
    } catch (DataIntegrityViolationException e) {
      log.error("a batch of {} holds what cannot be counted; one by one", events.size(), e);
      for (ConsumerRecord<String, byte[]> record : records) {
        countOne(record, positions);
      }
    }
  }

  private void countOne(ConsumerRecord<String, byte[]> record, SortedMap<Integer, Long> positions) {
    SortedMap<Integer, Advance> advances = new TreeMap<>();
    advances.put(record.partition(), advance(record, positions));
    List<E> events = decodeAgain(record).stream().toList();
    try {
      counter.count(events, advances, event -> setAsideLate(record));
    } catch (DataIntegrityViolationException e) {
      deadLetters.setAside(record, "not countable: " + e.getMostSpecificCause().getMessage());
      counter.count(List.of(), advances, event -> {});
    }
    moveOn(positions, advances);
  }

  private void setAsideLate(@Nullable ConsumerRecord<String, byte[]> record) {
    if (record == null) {
      throw new IllegalStateException("an event that is of no record");
    }
    deadLetters.setAside(record, "late: the broadcast is sealed, nothing of it is counted");
  }

  private Optional<E> decode(ConsumerRecord<String, byte[]> record) {
    try {
      return Optional.of(decoded(record));
    } catch (UndecodableEvent e) {
      deadLetters.setAside(record, "undecodable: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Without setting it aside a second time. */
  private Optional<E> decodeAgain(ConsumerRecord<String, byte[]> record) {
    try {
      return Optional.of(decoded(record));
    } catch (UndecodableEvent e) {
      return Optional.empty();
    }
  }

  private E decoded(ConsumerRecord<String, byte[]> record) {
    E event = EventCodec.decode(feed.type(), record.value());
    LocalDate day = feed.dayOf(event);
    // Each day gets a partition: a day out of the calendar must not make one. Measured by when the
    // record was written, so that whoever reads it later comes to the same.
    LocalDate writtenOn =
        LocalDate.ofInstant(Instant.ofEpochMilli(record.timestamp()), ZoneOffset.UTC);
    if (day.isBefore(feed.firstDay(writtenOn)) || day.isAfter(writtenOn.plusDays(DAYS_AHEAD))) {
      throw new UndecodableEvent("no event written on %s can be of %s".formatted(writtenOn, day));
    }
    feed.check(event);
    return event;
  }

  private static Advance advance(
      ConsumerRecord<String, byte[]> record, SortedMap<Integer, Long> positions) {
    Long position = positions.get(record.partition());
    if (position == null) {
      throw new IllegalStateException(
          "a record of partition %d, which is not ours".formatted(record.partition()));
    }
    return new Advance(position, record.offset() + 1);
  }

  private static void moveOn(
      SortedMap<Integer, Long> positions, SortedMap<Integer, Advance> advances) {
    advances.forEach((partition, advance) -> positions.put(partition, advance.next()));
  }
}
