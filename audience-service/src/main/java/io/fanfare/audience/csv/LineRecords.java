package io.fanfare.audience.csv;

/** A record a line, as NDJSON has them. */
public final class LineRecords extends FileRecords {

  /**
   * Records from a position on.
   *
   * @param line the line of the position
   */
  public LineRecords(ByteWindow window, long position, long line) {
    super(window, position, line);
  }

  @Override
  FileRecord record() {
    long end = position;
    while (window.at(end) >= 0 && !isLineEnd(window.at(end))) {
      end++;
      if (end - position > MOST_RECORD_BYTES) {
        return tooLong();
      }
    }
    FileRecord record = decoded(line, window.bytes(position, end));
    position = end;
    if (window.at(position) >= 0) {
      skipLineEnd();
    }
    return record;
  }
}
