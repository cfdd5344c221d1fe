package io.fanfare.analytics.csv;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Values as cells. */
final class CsvCells {

  private static final String FORMULA_STARTS = "=+-@\t\r\n";

  private CsvCells() {}

  /**
   * The text of a cell. What people wrote, such as a link, must not become a formula in whoever's
   * spreadsheet opens it (OWASP, "CSV Injection"): a text that begins like one gets an apostrophe.
   */
  static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case BigDecimal number -> number.toPlainString();
      case Number number -> number.toString();
      default -> guarded(value.toString());
    };
  }

  private static String guarded(String text) {
    return !text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
  }
}
