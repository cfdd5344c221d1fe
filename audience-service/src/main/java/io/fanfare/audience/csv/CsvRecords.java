package io.fanfare.audience.csv;

/**
 * Records of CSV. Where the quotes of a record do not pair up, its first line alone is wrong and
 * the next one is tried as a record: one stray quote costs a line, not the rest of the file.
 */
public final class CsvRecords extends FileRecords {

  private final int delimiter;
  private final int quote;

  /**
   * Records from a position on.
   *
   * @param line the line of the position
   */
  public CsvRecords(ByteWindow window, CsvFormat format, long position, long line) {
    super(window, position, line);
    this.delimiter = format.delimiter();
    this.quote = format.quote();
  }

  @Override
  FileRecord record() {
    long at = position;
    long lines = 0;
    boolean cellBegins = true;
    while (true) {
      if (at - position > MOST_RECORD_BYTES) {
        return tooLong();
      }
      int b = window.at(at);
      if (b < 0 || isLineEnd(b)) {
        break;
      }
      if (b == quote && cellBegins) {
        at++;
        while (true) {
          if (at - position > MOST_RECORD_BYTES) {
            return lines > 0 ? unclosed() : tooLong();
          }
          b = window.at(at);
          if (b < 0) {
            return unclosed();
          }
          if (b == quote) {
            if (window.at(at + 1) != quote) {
              break;
            }
            at++;
          } else if (b == '\n' || (b == '\r' && window.at(at + 1) != '\n')) {
            lines++;
          }
          at++;
        }
        at++;
        b = window.at(at);
        if (b >= 0 && b != delimiter && !isLineEnd(b)) {
          return wrongLine("stray_quote", "text follows a closing quote: it is to be doubled");
        }
        cellBegins = false;
      } else if (b == quote) {
        return wrongLine("stray_quote", "a quote stands inside a cell that has none around it");
      } else {
        cellBegins = b == delimiter;
        at++;
      }
    }
    FileRecord record = decoded(line, window.bytes(position, at));
    position = at;
    line += lines;
    if (window.at(position) >= 0) {
      skipLineEnd();
    }
    return record;
  }

  private FileRecord unclosed() {
    return wrongLine("unclosed_quote", "a quote is opened here and not closed");
  }
}
