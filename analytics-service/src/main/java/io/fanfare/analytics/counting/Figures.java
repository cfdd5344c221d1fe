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
}
