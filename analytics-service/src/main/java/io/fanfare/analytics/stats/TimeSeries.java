package io.fanfare.analytics.stats;

import io.fanfare.analytics.csv.Tabular;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * When something was done.
 *
 * @param kind what was done
 * @param step the length of a point, {@code minute} or {@code hour}
 * @param from the beginning
 * @param to the end, which is not part of it
 * @param points those with anything in them, oldest first
 */
record TimeSeries(
    UUID broadcastId, String kind, String step, Instant from, Instant to, List<Point> points)
    implements Tabular {

  /**
   * A point.
   *
   * @param at its beginning
   * @param events how often humans did it
   * @param recipients how many of them for the first time
   * @param machineEvents how often machines did it
   * @param machineRecipients for how many recipients a machine did it for the first time
   */
  @Schema(name = "TimeSeriesPoint")
  record Point(
      Instant at, long events, long recipients, long machineEvents, long machineRecipients) {}

  @Override
  public List<String> csvHeader() {
    return List.of("at", "events", "recipients", "machine_events", "machine_recipients");
  }

  @Override
  public List<List<@Nullable Object>> csvRows() {
    return points.stream()
        .map(point ->
            List.<@Nullable Object>of(
                point.at,
                point.events,
                point.recipients,
                point.machineEvents,
                point.machineRecipients))
        .toList();
  }
}
