package io.fanfare.dispatch.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The partitions of the ledger: makes a day's before its first row and has it analysed early, long
 * before autovacuum would look at it.
 */
public final class LedgerDays {

  private static final int REMEMBERED = 100;
  private static final long[] ANALYSE_AT = {1_000, 20_000, 200_000};

  private static final class Day {
    private final AtomicLong rows = new AtomicLong();
    private int analysed;
  }

  private final Map<LocalDate, Day> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<LocalDate, Day> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Makes the partitions of a day unless this worker knows that they exist. */
  void ensure(Connection connection, LocalDate day, int rows) throws SQLException {
    synchronized (known) {
      Day seen = known.get(day);
      if (seen != null) {
        seen.rows.addAndGet(rows);
        return;
      }
    }
    try (PreparedStatement statement = connection.prepareStatement("select ensure_ledger_day(?)")) {
      statement.setObject(1, day);
      statement.execute();
    }
    synchronized (known) {
      known.computeIfAbsent(day, absent -> new Day()).rows.addAndGet(rows);
    }
  }

  /** Analyses the partitions that have grown enough since the last time. */
  public void analyse(Connection connection) throws SQLException {
    for (LocalDate day : due()) {
      String suffix = DateTimeFormatter.BASIC_ISO_DATE.format(day);
      try (Statement statement = connection.createStatement()) {
        statement.execute("analyze claim_" + suffix);
        statement.execute("analyze result_" + suffix);
      }
    }
  }

  private List<LocalDate> due() {
    List<LocalDate> due = new ArrayList<>();
    synchronized (known) {
      known.forEach((day, state) -> {
        if (state.analysed < ANALYSE_AT.length && state.rows.get() >= ANALYSE_AT[state.analysed]) {
          state.analysed++;
          due.add(day);
        }
      });
    }
    return due;
  }

  /** The positions of items by their ledger day; nearly always one day. */
  static <T> Map<LocalDate, BitSet> byDay(List<T> items, Function<T, LocalDate> dayOf) {
    Map<LocalDate, BitSet> days = new TreeMap<>();
    for (int i = 0; i < items.size(); i++) {
      days.computeIfAbsent(dayOf.apply(items.get(i)), day -> new BitSet()).set(i);
    }
    return days;
  }
}
