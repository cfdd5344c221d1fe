package io.fanfare.audience.csv;

import java.util.ArrayList;
import java.util.List;

/**
 * How a file's records are written.
 *
 * @param delimiter between two cells, an ASCII character
 * @param quote around cells that hold delimiters or line ends, an ASCII character; twice inside one
 */
public record CsvFormat(char delimiter, char quote) {

  private static final String DELIMITERS = ",;\t|";

  /** The delimiter a header has most of outside quotes; a comma when it has none. */
  public static char detectDelimiter(String header, char quote) {
    int[] counts = new int[DELIMITERS.length()];
    boolean quoted = false;
    for (int i = 0; i < header.length(); i++) {
      char c = header.charAt(i);
      if (c == quote) {
        quoted = !quoted;
      } else if (!quoted && DELIMITERS.indexOf(c) >= 0) {
        counts[DELIMITERS.indexOf(c)]++;
      }
    }
    int most = 0;
    for (int i = 1; i < counts.length; i++) {
      if (counts[i] > counts[most]) {
        most = i;
      }
    }
    return DELIMITERS.charAt(most);
  }

  /** The cells of one record without its line end, whose quotes {@link CsvRecords} has checked. */
  public List<String> cells(String text) {
    List<String> cells = new ArrayList<>();
    int at = 0;
    while (true) {
      if (at < text.length() && text.charAt(at) == quote) {
        StringBuilder cell = new StringBuilder();
        at++;
        while (at < text.length()) {
          char c = text.charAt(at);
          if (c == quote) {
            if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
              at++;
            } else {
              break;
            }
          }
          cell.append(c);
          at++;
        }
        at++;
        cells.add(cell.toString());
      } else {
        int end = text.indexOf(delimiter, at);
        end = end < 0 ? text.length() : end;
        cells.add(text.substring(at, end));
        at = end;
      }
      if (at >= text.length()) {
        return cells;
      }
      at++;
    }
  }
}
