package io.fanfare.retry.due;

import io.fanfare.retry.RetryProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.LocalDate;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Measures the due table and forgets what nobody can ask for any more. */
@Component
class RetryHousekeeping {

  private static final String FORGET =
      """
      delete from retry where ctid = any(array(
        select ctid from retry where ledger_day < :limit and due_at is null limit 5000))
      """;

  private static final String FORGET_ORDERS =
      """
      delete from hand_order where ctid = any(array(
        select ctid from hand_order where ledger_day < :limit limit 5000))
      """;

  private final DueRepository dueTable;
  private final JdbcClient jdbc;
  private final RetryProperties properties;
  private final Clock clock;
  private final AtomicLong due = new AtomicLong();

  RetryHousekeeping(
      DueRepository dueTable,
      JdbcClient jdbc,
      RetryProperties properties,
      Clock clock,
      MeterRegistry meters) {
    this.dueTable = dueTable;
    this.jdbc = jdbc;
    this.properties = properties;
    this.clock = clock;
    Gauge.builder("fanfare.retries.due", due, AtomicLong::get)
        .description("Retries whose time has come, not announced yet; paused broadcasts included")
        .register(meters);
  }

  @Scheduled(fixedDelayString = "${fanfare.retry.measure-interval:10s}")
  void measure() {
    due.set(dueTable.countDue(clock.instant()));
  }

  /** In small transactions, so that the due table is never locked for long. */
  @Scheduled(initialDelayString = "PT5M", fixedDelayString = "PT6H")
  void forget() {
    LocalDate limit = LocalDate.now(clock).minusDays(properties.keepDays());
    forget(FORGET, limit);
    forget(FORGET_ORDERS, limit);
  }

  private void forget(String some, LocalDate limit) {
    int forgotten;
    do {
      forgotten = jdbc.sql(some).param("limit", limit).update();
    } while (forgotten > 0);
  }
}
