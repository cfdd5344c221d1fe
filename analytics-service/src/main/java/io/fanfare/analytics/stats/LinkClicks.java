package io.fanfare.analytics.stats;

import io.fanfare.analytics.csv.Tabular;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The clicks of a broadcast by link.
 *
 * @param links the links that were clicked, those with the most recipients first; 1,000 at most
 */
record LinkClicks(UUID broadcastId, List<Link> links) implements Tabular {

  /**
   * A link of a variant.
   *
   * @param link its number in the variant's content, from 1
   * @param target where it leads
   * @param clickRate humans who clicked it, of the recipients the variant was sent to on the
   *     channel; null where it was sent to nobody
   */
  @Schema(name = "ClickedLink")
  record Link(
      String channel,
      String variant,
      int link,
      @Nullable String target,
      long events,
      long recipients,
      long machineEvents,
      long machineRecipients,
      @Nullable Double clickRate) {}

  @Override
  public List<String> csvHeader() {
    return List.of(
        "channel",
        "variant",
        "link",
        "target",
        "events",
        "recipients",
        "machine_events",
        "machine_recipients",
        "click_rate");
  }

  @Override
  public List<List<@Nullable Object>> csvRows() {
    return links.stream()
        .map(link ->
            Arrays.<@Nullable Object>asList(
                link.channel,
                link.variant,
                link.link,
                link.target,
                link.events,
                link.recipients,
                link.machineEvents,
                link.machineRecipients,
                link.clickRate))
        .toList();
  }
}
