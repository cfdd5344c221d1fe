package io.fanfare.dispatch.ledger;

import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;

/** Says which ledger days stay. */
final class RetentionPolicy {

  private RetentionPolicy() {}

  /**
   * The first day that stays: the oldest of those that are kept anyway, and no later than the day
   * of any broadcast that may still send.
   *
   * @param unfinished the ledger days of broadcasts that have not ended
   */
  static LocalDate firstDayKept(LocalDate today, int keepDays, Map<UUID, LocalDate> unfinished) {
    LocalDate first = today.minusDays(keepDays);
    for (LocalDate day : unfinished.values()) {
      if (day.isBefore(first)) {
        first = day;
      }
    }
    return first;
  }
}
