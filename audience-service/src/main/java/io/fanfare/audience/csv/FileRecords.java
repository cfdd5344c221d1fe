package io.fanfare.audience.csv;

import io.fanfare.audience.csv.FileRecord.Fault;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The records of a file in UTF-8, one after the other. A record that is wrong is given as such and
 * reading goes on behind it; none takes more memory than {@link #MOST_RECORD_BYTES} and a piece of
 * the file, whatever the file holds.
 */
public abstract sealed class FileRecords permits CsvRecords, LineRecords {

  /** The longest record. */
  public static final int MOST_RECORD_BYTES = 256 * 1024;

  private static final int SHOWN_BYTES = 4_000;

  final ByteWindow window;
  long position;
  long line;

  FileRecords(ByteWindow window, long position, long line) {
    this.window = window;
    this.position = position;
    this.line = line;
  }

  /** The next one that is not blank; null at the end. */
  public final @Nullable FileRecord next() {
    while (isLineEnd(window.at(position))) {
      skipLineEnd();
    }
    window.mark(position);
    return window.at(position) < 0 ? null : record();
  }

  /** Where the next record, or blank line before it, begins. */
  public final long position() {
    return position;
  }

  /** The line of that place, from 1. */
  public final long line() {
    return line;
  }

  /** The record that begins at the position, which moves behind it. */
  abstract FileRecord record();

  static boolean isLineEnd(int b) {
    return b == '\n' || b == '\r';
  }

  final void skipLineEnd() {
    if (window.at(position) == '\r' && window.at(position + 1) == '\n') {
      position++;
    }
    position++;
    line++;
  }

  /** The one line at the position is wrong, however long it is. */
  final FileRecord wrongLine(String code, String detail) {
    long start = position;
    long startLine = line;
    byte[] shown = null;
    while (window.at(position) >= 0 && !isLineEnd(window.at(position))) {
      position++;
      if (shown == null && position - start == SHOWN_BYTES) {
        shown = window.bytes(start, position);
      }
      if (shown != null) {
        window.mark(position);
      }
    }
    byte[] bytes = shown == null ? window.bytes(start, position) : shown;
    if (window.at(position) >= 0) {
      skipLineEnd();
    }
    return new FileRecord(
        startLine, new String(bytes, StandardCharsets.UTF_8), new Fault(code, detail));
  }

  final FileRecord tooLong() {
    return wrongLine(
        "record_too_long", "the record has more than %,d bytes".formatted(MOST_RECORD_BYTES));
  }

  /** A whole record, unless its bytes are no text. */
  static FileRecord decoded(long line, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int nul = text.indexOf('\0');
    if (nul >= 0) {
      return wrong(line, text, "nul_character", "has the character NUL at " + (nul + 1));
    }
    if (text.indexOf('\uFFFD') >= 0) {
      int wrong = firstWrongByte(bytes);
      if (wrong >= 0) {
        return wrong(
            line, text, "wrong_encoding", "byte " + (wrong + 1) + " of the record is not UTF-8");
      }
    }
    return new FileRecord(line, text, null);
  }

  private static FileRecord wrong(long line, String text, String code, String detail) {
    String shown = text.length() > SHOWN_BYTES ? text.substring(0, SHOWN_BYTES) : text;
    return new FileRecord(line, shown, new Fault(code, detail));
  }

  private static int firstWrongByte(byte[] bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CoderResult result = decoder.decode(in, CharBuffer.allocate(bytes.length + 1), true);
    return result.isError() ? in.position() : -1;
  }
}
