package io.fanfare.analytics.stats;

import io.fanfare.analytics.csv.Tabular;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How soon recipients do something, by the week in which they were written to.
 *
 * @param kind what they do
 * @param cohorts by week, the first one first
 */
record Cohorts(String kind, List<Cohort> cohorts) implements Tabular {

  /**
   * All broadcasts of the tenant whose first command ended in a week.
   *
   * @param week its Monday, UTC
   * @param broadcasts how many there are
   * @param sent recipients a message was sent to
   * @param days how many did it when, days without anybody left out
   */
  record Cohort(LocalDate week, long broadcasts, long sent, List<Day> days) {}

  /**
   * A day of a cohort.
   *
   * @param day whole days since each recipient's own message was made
   * @param recipients humans who did it on that day for the first time
   * @param share those who had done it by the end of that day, of those it was sent to; null where
   *     nothing was sent
   */
  @Schema(name = "CohortDay")
  record Day(int day, long recipients, @Nullable Double share) {}

  @Override
  public List<String> csvHeader() {
    return List.of("week", "broadcasts", "sent", "day", "recipients", "share");
  }

  @Override
  public List<List<@Nullable Object>> csvRows() {
    return cohorts.stream()
        .flatMap(cohort ->
            cohort.days.stream()
                .map(day ->
                    Arrays.<@Nullable Object>asList(
                        cohort.week,
                        cohort.broadcasts,
                        cohort.sent,
                        day.day,
                        day.recipients,
                        day.share)))
        .toList();
  }
}
