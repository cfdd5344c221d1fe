package io.fanfare.analytics.counting;

import java.util.List;

/** What events add up to. */
public interface Figures<E extends Record> {

  /**
   * Adds events, in the transaction that remembers them as counted.
   *
   * @param events each counted for the first time, those of one recipient in the topic's order; at
   *     least one
   */
  void add(List<E> events);

  /** Those of the events that come too late to be counted; asked in the same transaction. */
  default List<E> late(List<E> events) {
    return List.of();
  }
}
