package io.fanfare.dispatch.engagement.preference;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a contact may choose and has chosen, as audience-service tells it.
 *
 * @param seen the number of the newest change of its opt-outs; 0 for none
 * @param stopped it wants nothing at all
 * @param channels those it can be reached on, or has opted out of
 * @param categories all of its tenant, in the order to show them in
 */
record ContactChoices(
    long seen, boolean stopped, List<OfChannel> channels, List<OfCategory> categories) {

  /** One channel. */
  record OfChannel(String channel, boolean stopped) {}

  /**
   * One category.
   *
   * @param mandatory it cannot be opted out of alone
   */
  record OfCategory(
      String name,
      String title,
      @Nullable String description,
      boolean mandatory,
      boolean stopped) {}
}
