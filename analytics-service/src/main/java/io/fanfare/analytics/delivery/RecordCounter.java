package io.fanfare.analytics.delivery;

import io.fanfare.analytics.delivery.OffsetRepository.Advance;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.UndecodableEvent;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.support.kafka.EventBatches;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;

/**
 * Records in, counted events out; what is no event, or holds what no figure can, goes to the
 * dead-letter topic before the offsets move past it.
 */
@Component
final class RecordCounter {

  private static final Logger log = LoggerFactory.getLogger(RecordCounter.class);
  private static final LocalDate FIRST_LEDGER_DAY = LocalDate.of(2020, 1, 1);
  private static final int DAYS_AHEAD = 2;

  private final BatchCounter counter;
  private final EventBatches batches;
  private final Clock clock;

  RecordCounter(BatchCounter counter, EventBatches batches, Clock clock) {
    this.counter = counter;
    this.batches = batches;
    this.clock = clock;
  }

  /**
   * Counts records.
   *
   * @param positions the next offset of each partition as stored; moved on to where they are stored
   *     afterwards
   */
  void count(
      String topic,
      Iterable<ConsumerRecord<String, byte[]>> records,
      SortedMap<Integer, Long> positions) {
    List<DeliveryEvent> events = new ArrayList<>();
    SortedMap<Integer, Advance> advances = new TreeMap<>();
    for (ConsumerRecord<String, byte[]> record : records) {
      decode(record).ifPresent(events::add);
      advances.put(record.partition(), advance(record, positions));
    }
    try {
      counter.count(topic, events, advances);
      moveOn(positions, advances);
    } catch (DataIntegrityViolationException e) {
      log.error("a batch of {} holds what cannot be counted; one by one", events.size(), e);
      for (ConsumerRecord<String, byte[]> record : records) {
        countOne(topic, record, positions);
      }
    }
  }

  private void countOne(
      String topic, ConsumerRecord<String, byte[]> record, SortedMap<Integer, Long> positions) {
    SortedMap<Integer, Advance> advances = new TreeMap<>();
    advances.put(record.partition(), advance(record, positions));
    List<DeliveryEvent> events = decodeAgain(record).stream().toList();
    try {
      counter.count(topic, events, advances);
    } catch (DataIntegrityViolationException e) {
      setAside(record, "not countable: " + e.getMostSpecificCause().getMessage());
      counter.count(topic, List.of(), advances);
    }
    moveOn(positions, advances);
  }

  private Optional<DeliveryEvent> decode(ConsumerRecord<String, byte[]> record) {
    try {
      return Optional.of(decoded(record));
    } catch (UndecodableEvent e) {
      setAside(record, "undecodable: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Without setting it aside a second time. */
  private Optional<DeliveryEvent> decodeAgain(ConsumerRecord<String, byte[]> record) {
    try {
      return Optional.of(decoded(record));
    } catch (UndecodableEvent e) {
      return Optional.empty();
    }
  }

  private DeliveryEvent decoded(ConsumerRecord<String, byte[]> record) {
    DeliveryEvent event = EventCodec.decode(DeliveryEvent.class, record.value());
    LocalDate day = event.ledgerDay();
    // Each ledger day gets a partition: a day out of the calendar must not make one.
    if (day.isBefore(FIRST_LEDGER_DAY) || day.isAfter(LocalDate.now(clock).plusDays(DAYS_AHEAD))) {
      throw new UndecodableEvent("no ledger day can be " + day);
    }
    return event;
  }

  private void setAside(ConsumerRecord<String, byte[]> record, String reason) {
    batches.setAside(Topics.Groups.ANALYTICS_DELIVERY, record, reason);
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
