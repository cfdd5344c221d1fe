package io.fanfare.audience.imports;

import io.fanfare.support.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * A file as UTF-8 without a byte order mark. Such a mark says what the file is in, else the given
 * charset; UTF-8 itself is passed on unchecked, so that a wrong byte can be reported with its row.
 */
final class Utf8Input {

  private static final List<byte[]> COMPRESSED =
      List.of(
          new byte[] {0x1f, (byte) 0x8b}, // gzip
          new byte[] {'P', 'K', 3, 4}, // zip, and with it xlsx
          new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd}, // zstd
          new byte[] {'B', 'Z', 'h'}, // bzip2
          new byte[] {(byte) 0xfd, '7', 'z', 'X'}); // xz
  private static final int LONGEST_MARK = 4;

  private Utf8Input() {}

  /**
   * Opens a file.
   *
   * @param given null for UTF-8
   * @throws ProblemException 415 {@code compressed_file}
   */
  static InputStream open(InputStream file, @Nullable Charset given) throws IOException {
    PushbackInputStream in = new PushbackInputStream(file, LONGEST_MARK);
    byte[] mark = in.readNBytes(LONGEST_MARK);
    for (byte[] magic : COMPRESSED) {
      if (startsWith(mark, magic)) {
        throw new ProblemException(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "compressed_file",
            "the file is compressed or a spreadsheet: send plain CSV or NDJSON",
            List.of(),
            null);
      }
    }
    if (startsWith(mark, new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf})) {
      in.unread(mark, 3, mark.length - 3);
      return in;
    }
    if (startsWith(mark, new byte[] {(byte) 0xff, (byte) 0xfe})) {
      in.unread(mark, 2, mark.length - 2);
      return new Transcoded(in, StandardCharsets.UTF_16LE);
    }
    if (startsWith(mark, new byte[] {(byte) 0xfe, (byte) 0xff})) {
      in.unread(mark, 2, mark.length - 2);
      return new Transcoded(in, StandardCharsets.UTF_16BE);
    }
    in.unread(mark, 0, mark.length);
    return given == null || given.equals(StandardCharsets.UTF_8) ? in : new Transcoded(in, given);
  }

  private static boolean startsWith(byte[] bytes, byte[] prefix) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** What is read in one charset as UTF-8. */
  private static final class Transcoded extends InputStream {

    private final Reader reader;
    private final Charset charset;
    private final char[] chars = new char[16 * 1024];
    private int kept;
    private long read;
    private byte[] bytes = new byte[0];
    private int next;

    Transcoded(InputStream in, Charset charset) {
      this.charset = charset;
      this.reader =
          new InputStreamReader(
              in,
              charset
                  .newDecoder()
                  .onMalformedInput(CodingErrorAction.REPORT)
                  .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      while (next == bytes.length) {
        if (!fill()) {
          return -1;
        }
      }
      int count = Math.min(length, bytes.length - next);
      System.arraycopy(bytes, next, target, offset, count);
      next += count;
      return count;
    }

    private boolean fill() throws IOException {
      int more;
      try {
        more = reader.read(chars, kept, chars.length - kept);
      } catch (CharacterCodingException e) {
        throw ProblemException.invalid(
            "body", "is not %s: after %,d characters".formatted(charset.name(), read));
      }
      if (more < 0 && kept == 0) {
        return false;
      }
      read += Math.max(0, more);
      int length = kept + Math.max(0, more);
      // Half of a pair waits for its other half.
      boolean half = more > 0 && Character.isHighSurrogate(chars[length - 1]);
      bytes = new String(chars, 0, half ? length - 1 : length).getBytes(StandardCharsets.UTF_8);
      next = 0;
      kept = half ? 1 : 0;
      if (half) {
        chars[0] = chars[length - 1];
      }
      return true;
    }
  }
}
