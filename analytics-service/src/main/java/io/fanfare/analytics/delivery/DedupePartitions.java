package io.fanfare.analytics.delivery;

import io.fanfare.analytics.AnalyticsProperties;
import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The partitions of the dedupe rows, one per ledger day: made when the first event of a day comes,
 * dropped when no event of the day can be delivered again.
 */
@Component
class DedupePartitions {

  private static final Logger log = LoggerFactory.getLogger(DedupePartitions.class);

  // "create table if not exists" alone fails when two instances make the same partition at once.
  private static final String LOCK =
      "select pg_advisory_xact_lock(hashtext(current_schema() || '.counted_event'))";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final AnalyticsProperties properties;
  private final Clock clock;
  private final Map<LocalDate, LocalDate> usedOn = new ConcurrentHashMap<>();

  DedupePartitions(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      AnalyticsProperties properties,
      Clock clock) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.properties = properties;
    this.clock = clock;
  }

  /**
   * Returns when there is a partition for each of these days; costs nothing after the first time.
   */
  void ensure(Set<LocalDate> ledgerDays) {
    LocalDate today = LocalDate.now(clock);
    for (LocalDate day : ledgerDays) {
      if (!today.equals(usedOn.get(day))) {
        transaction.executeWithoutResult(status -> create(day, today));
        usedOn.values().removeIf(used -> !used.equals(today));
        usedOn.put(day, today);
      }
    }
  }

  private void create(LocalDate day, LocalDate today) {
    lock();
    jdbc.sql(
            // A date has no characters that could end the literal; a bound value is not allowed
            // here.
            "create table if not exists %s partition of counted_event for values from ('%s') to ('%s')"
                .formatted(nameOf(day), day, day.plusDays(1)))
        .update();
    jdbc.sql(
            """
            insert into counted_event_partition as p (ledger_day, last_counted_on)
            values (:day, :today)
            on conflict (ledger_day) do update
            set last_counted_on = greatest(p.last_counted_on, excluded.last_counted_on)
            """)
        .param("day", day)
        .param("today", today)
        .update();
  }

  /** Drops the days whose last event was counted so long ago that the topic has forgotten it. */
  @Scheduled(initialDelayString = "PT1M", fixedDelayString = "PT6H")
  void dropForgotten() {
    LocalDate limit = LocalDate.now(clock).minusDays(properties.dedupeDays());
    transaction.executeWithoutResult(status -> {
      lock();
      List<LocalDate> forgotten =
          jdbc.sql(
                  "delete from counted_event_partition where last_counted_on < :limit"
                      + " returning ledger_day")
              .param("limit", limit)
              .query((row, number) -> row.getObject("ledger_day", LocalDate.class))
              .list();
      for (LocalDate day : forgotten) {
        jdbc.sql("drop table if exists " + nameOf(day)).update();
        log.info("dropped the dedupe rows of ledger day {}", day);
      }
    });
  }

  private void lock() {
    jdbc.sql(LOCK).query((row, number) -> true).single();
  }

  private static String nameOf(LocalDate day) {
    return "counted_event_" + day.format(DateTimeFormatter.BASIC_ISO_DATE);
  }
}
