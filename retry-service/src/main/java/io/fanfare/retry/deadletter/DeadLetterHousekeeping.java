package io.fanfare.retry.deadletter;

import io.fanfare.retry.RetryProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.LocalDate;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Measures the open dead letters and forgets those too old to be tried again. */
@Component
class DeadLetterHousekeeping {

  private static final String FORGET =
      """
      delete from dead_letter where ctid = any(array(
        select ctid from dead_letter where ledger_day < :limit limit 5000))
      """;

  private final JdbcClient jdbc;
  private final RetryProperties properties;
  private final Clock clock;
  private final AtomicLong open = new AtomicLong();

  DeadLetterHousekeeping(
      JdbcClient jdbc, RetryProperties properties, Clock clock, MeterRegistry meters) {
    this.jdbc = jdbc;
    this.properties = properties;
    this.clock = clock;
    Gauge.builder("fanfare.dead.letters.open", open, AtomicLong::get)
        .description("Dead letters nobody has requeued or discarded yet")
        .register(meters);
  }

  @Scheduled(fixedDelayString = "${fanfare.retry.measure-interval:10s}")
  void measure() {
    open.set(
        jdbc.sql("select count(*) from dead_letter where state = 'open'")
            .query((row, number) -> row.getLong(1))
            .single());
  }

  /** Before the retries they are tried again with; in small transactions. */
  @Scheduled(initialDelayString = "PT1M", fixedDelayString = "PT6H")
  void forget() {
    LocalDate limit = LocalDate.now(clock).minusDays(properties.keepDays());
    int forgotten;
    do {
      forgotten = jdbc.sql(FORGET).param("limit", limit).update();
    } while (forgotten > 0);
  }
}
