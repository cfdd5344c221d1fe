package io.fanfare.audience.csv;

import org.jspecify.annotations.Nullable;

/**
 * Writes records as RFC 4180 has them. A cell that a spreadsheet would take for a formula gets an
 * apostrophe before it, and so does one that begins with apostrophes before such a character, so
 * that {@link #plain} finds every cell as it was.
 */
public final class CsvText {

  private static final String FORMULA = "=+-@\t\r";

  private CsvText() {}

  /** Appends one record with its line end; null is an empty cell. */
  public static void append(StringBuilder to, Iterable<? extends @Nullable String> cells) {
    boolean first = true;
    for (String cell : cells) {
      if (!first) {
        to.append(',');
      }
      first = false;
      appendCell(to, cell == null ? "" : safe(cell));
    }
    to.append("\r\n");
  }

  /** A cell that is no formula. */
  public static String safe(String cell) {
    return couldBeFormula(cell) ? "'" + cell : cell;
  }

  /** What {@link #safe} was given. */
  public static String plain(String cell) {
    return cell.length() > 1 && cell.charAt(0) == '\'' && couldBeFormula(cell)
        ? cell.substring(1)
        : cell;
  }

  private static boolean couldBeFormula(String cell) {
    int i = 0;
    while (i < cell.length() && cell.charAt(i) == '\'') {
      i++;
    }
    return i < cell.length() && FORMULA.indexOf(cell.charAt(i)) >= 0;
  }

  private static void appendCell(StringBuilder to, String cell) {
    boolean quoted = false;
    for (int i = 0; i < cell.length() && !quoted; i++) {
      char c = cell.charAt(i);
      quoted = c == ',' || c == '"' || c == '\n' || c == '\r' || c == ';' || c == '\t';
    }
    if (!quoted) {
      to.append(cell);
      return;
    }
    to.append('"');
    for (int i = 0; i < cell.length(); i++) {
      char c = cell.charAt(i);
      if (c == '"') {
        to.append('"');
      }
      to.append(c);
    }
    to.append('"');
  }
}
