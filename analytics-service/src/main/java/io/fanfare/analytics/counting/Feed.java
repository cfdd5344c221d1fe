package io.fanfare.analytics.counting;

import io.fanfare.contract.Topic;
import io.fanfare.contract.UndecodableEvent;
import java.time.LocalDate;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A topic whose events are counted exactly once, and what they are added to. Whether an event can
 * be counted depends on its record alone, so that every reading of the topic comes to the same
 * figures.
 */
public interface Feed<E extends Record> {

  Topic topic();

  /** The consumer group. */
  String group();

  Class<E> type();

  /** The table of the dedupe rows; its name and {@code _partition} is that of its partitions. */
  String dedupeTable();

  UUID idOf(E event);

  /** The day whose dedupe rows remember the event; the same for every delivery of it. */
  LocalDate dayOf(E event);

  /** The first day an event may be of that was written on a day: each day gets a partition. */
  LocalDate firstDay(LocalDate writtenOn);

  /**
   * Looks at what a database could not hold.
   *
   * @throws UndecodableEvent when the event cannot be counted
   */
  default void check(E event) {}

  /** The figures of the generation that a connection leads to. */
  Figures<E> figures(JdbcClient jdbc);
}
