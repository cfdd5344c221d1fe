package io.fanfare.dispatch.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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
 * before autovacuum would look at it. Knows which days were dropped.
 */
public final class LedgerDays {

  private static final int REMEMBERED = 100;

  /** PostgreSQL's check_violation, which a row without a partition is to it. */
  private static final String NO_PARTITION = "23514";

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

  private volatile LocalDate floor = LocalDate.MIN;

  /** The day was dropped: nothing may be claimed or recorded under it any more. */
  public boolean isDropped(LocalDate day) {
    return day.isBefore(floor);
  }

  /** Asks which days were dropped. */
  void lookAtFloor(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement("select first_day from ledger_floor");
        ResultSet row = statement.executeQuery()) {
      row.next();
      floor = row.getObject(1, LocalDate.class);
    }
  }

  /**
   * Makes the partitions of a day unless this worker knows that they exist.
   *
   * @return false when the day was dropped: it is not made again, an order of it would be sent anew
   */
  boolean ensure(Connection connection, LocalDate day, int rows) throws SQLException {
    if (isDropped(day)) {
      return false;
    }
    synchronized (known) {
      Day seen = known.get(day);
      if (seen != null) {
        seen.rows.addAndGet(rows);
        return true;
      }
    }
    if (!make(connection, day)) {
      lookAtFloor(connection);
      return false;
    }
    synchronized (known) {
      known.computeIfAbsent(day, absent -> new Day()).rows.addAndGet(rows);
    }
    return true;
  }

  /**
   * Whether a statement failed because its day was dropped since this worker last knew of it.
   *
   * @param connection not in a transaction
   */
  boolean wasDropped(Connection connection, LocalDate day, SQLException failure)
      throws SQLException {
    if (!NO_PARTITION.equals(failure.getSQLState())) {
      return false;
    }
    lookAtFloor(connection);
    return isDropped(day);
  }

  private static boolean make(Connection connection, LocalDate day) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("select ensure_ledger_day(?)")) {
      statement.setObject(1, day);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        row.getBoolean(1);
        return !row.wasNull();
      }
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
