package io.fanfare.dispatch.ledger;

import io.fanfare.dispatch.control.ControlReader;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Drops ledger days whose broadcasts can no longer be retried: older than retry-service remembers
 * anything of, and of no broadcast that may still send.
 */
@Component
class LedgerHousekeeping {

  private static final Logger LOG = LoggerFactory.getLogger(LedgerHousekeeping.class);

  private final LedgerRetention retention;
  private final ControlReader known;
  private final Clock clock;
  private final int keepDays;

  LedgerHousekeeping(
      DataSource dataSource,
      ControlReader known,
      Clock clock,
      @Value("${fanfare.dispatch.ledger-days:100}") int keepDays) {
    this.retention = new LedgerRetention(dataSource);
    this.known = known;
    this.clock = clock;
    this.keepDays = keepDays;
  }

  @Scheduled(initialDelayString = "PT10M", fixedDelayString = "PT6H")
  void dropOldDays() {
    if (!known.confirmed()) {
      // A broadcast that holds its day may not be known here yet.
      return;
    }
    Map<UUID, LocalDate> unfinished = known.controls().unfinished();
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    LocalDate firstDay = RetentionPolicy.firstDayKept(today, keepDays, unfinished);
    int dropped = retention.dropBefore(firstDay, unfinished.keySet());
    if (dropped > 0) {
      LOG.info("dropped {} ledger days before {}", dropped, firstDay);
    }
  }
}
