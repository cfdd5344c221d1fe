package io.fanfare.analytics.counting;

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
 * The partitions of the dedupe rows, one per day: made when the first event of a day comes, dropped
 * when no event of the day can be delivered again.
 */
@Component
class DedupePartitions {

  private static final Logger log = LoggerFactory.getLogger(DedupePartitions.class);

  // "create table if not exists" alone fails when two instances make the same partition at once.
  private static final String LOCK =
      "select pg_advisory_xact_lock(hashtext(current_schema() || '.' || :table))";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final AnalyticsProperties properties;
  private final Clock clock;
  private final List<Feed<?>> feeds;
  private final Map<Day, LocalDate> usedOn = new ConcurrentHashMap<>();

  DedupePartitions(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      List<Feed<?>> feeds,
      AnalyticsProperties properties,
      Clock clock) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.feeds = feeds;
    this.properties = properties;
    this.clock = clock;
  }

  /**
   * Returns when there is a partition for each of these days; costs nothing after the first time.
   */
  void ensure(String table, Set<LocalDate> days) {
    LocalDate today = LocalDate.now(clock);
    for (LocalDate date : days) {
      Day day = new Day(table, date);
      if (!today.equals(usedOn.get(day))) {
        transaction.executeWithoutResult(status -> create(table, date, today));
        usedOn.values().removeIf(used -> !used.equals(today));
        usedOn.put(day, today);
      }
    }
  }

  private void create(String table, LocalDate day, LocalDate today) {
    lock(table);
    jdbc.sql(
            // A date has no characters that could end the literal; a bound value is not allowed
            // here.
            "create table if not exists %s partition of %s for values from ('%s') to ('%s')"
                .formatted(nameOf(table, day), table, day, day.plusDays(1)))
        .update();
    jdbc.sql(
            """
            insert into %s_partition as p (ledger_day, last_counted_on)
            values (:day, :today)
            on conflict (ledger_day) do update
            set last_counted_on = greatest(p.last_counted_on, excluded.last_counted_on)
            """
                .formatted(table))
        .param("day", day)
        .param("today", today)
        .update();
  }

  /** Drops the days whose last event was counted so long ago that the topic has forgotten it. */
  @Scheduled(initialDelayString = "PT1M", fixedDelayString = "PT6H")
  void dropForgotten() {
    feeds.forEach(feed -> dropForgotten(feed.dedupeTable()));
  }

  private void dropForgotten(String table) {
    LocalDate limit = LocalDate.now(clock).minusDays(properties.dedupeDays());
    transaction.executeWithoutResult(status -> {
      lock(table);
      List<LocalDate> forgotten =
          jdbc.sql(
                  "delete from %s_partition where last_counted_on < :limit returning ledger_day"
                      .formatted(table))
              .param("limit", limit)
              .query((row, number) -> row.getObject("ledger_day", LocalDate.class))
              .list();
      for (LocalDate day : forgotten) {
        jdbc.sql("drop table if exists " + nameOf(table, day)).update();
        log.info("dropped {} of {}", table, day);
      }
    });
  }

  private void lock(String table) {
    jdbc.sql(LOCK).param("table", table).query((row, number) -> true).single();
  }

  private static String nameOf(String table, LocalDate day) {
    return table + "_" + day.format(DateTimeFormatter.BASIC_ISO_DATE);
  }

  private record Day(String table, LocalDate date) {}
}
