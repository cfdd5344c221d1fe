package io.fanfare.dispatch.channel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a provider takes from one account for one address, or for one mail domain.
 *
 * @param domain whose messages count together, on whatever lane of the account, each of which keeps
 *     to its share; null when the address counts by itself
 * @param sends messages in a window, at least 1; of a domain at least the number of lanes
 * @param window any span of so long
 */
public record RecipientLimit(@Nullable String domain, int sends, Duration window) {

  /** Of the address itself. */
  public RecipientLimit(int sends, Duration window) {
    this(null, sends, window);
  }
}
