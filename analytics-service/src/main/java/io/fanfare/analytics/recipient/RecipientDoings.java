package io.fanfare.analytics.recipient;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a contact did with the messages of a broadcast, as far as it is remembered.
 *
 * @param forgotten the broadcast is sealed: single events are dropped, or will be soon
 */
record RecipientDoings(List<RecipientDoings.Doing> events, boolean forgotten) {

  /**
   * Something it did.
   *
   * @param link the number of the link that was clicked
   * @param name of a custom event or a button
   * @param machine whether a machine is said to have done it
   */
  record Doing(
      String channel,
      String kind,
      Instant at,
      @Nullable Integer link,
      @Nullable String name,
      @Nullable BigDecimal value,
      boolean machine) {}
}
