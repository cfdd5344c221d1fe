package io.fanfare.analytics.stats;

import io.fanfare.analytics.csv.Tabular;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * At which hours of the week something is done, where the contacts are.
 *
 * @param kind what is done
 * @param withoutZone of the events of humans, those of contacts of whom nobody knows where they
 *     are: they are counted at the hour it was in UTC
 * @param hours the hours with anything in them, from Monday on
 */
record HeatMap(String kind, long withoutZone, List<Hour> hours) implements Tabular {

  /**
   * An hour of the week.
   *
   * @param weekday 1 is Monday
   * @param hour 0 to 23
   * @param events how often humans did it
   * @param machineEvents how often machines did it
   */
  @Schema(name = "HeatMapHour")
  record Hour(int weekday, int hour, long events, long machineEvents) {}

  @Override
  public List<String> csvHeader() {
    return List.of("weekday", "hour", "events", "machine_events");
  }

  @Override
  public List<List<@Nullable Object>> csvRows() {
    return hours.stream()
        .map(hour ->
            List.<@Nullable Object>of(hour.weekday, hour.hour, hour.events, hour.machineEvents))
        .toList();
  }
}
