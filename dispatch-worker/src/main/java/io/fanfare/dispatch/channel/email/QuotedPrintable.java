package io.fanfare.dispatch.channel.email;

/** Encodes a whole UTF-8 text as quoted-printable (RFC 2045 §6.7). */
final class QuotedPrintable {

  /** The columns of a line before its soft break's {@code =}. */
  private static final int ROOM = 75;

  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
  };

  private QuotedPrintable() {}

  static void encode(byte[] text, MessageBytes out) {
    // Three columns a byte and a break every 64 of them are the worst case: no check in the loop.
    out.reserve(text.length * 3 + text.length / 4 + 16);
    byte[] target = out.array();
    int to = out.length();
    int column = 0;
    int from = 0;
    while (from < text.length) {
      byte b = text[from];
      // Nearly all bytes of nearly all texts.
      if (column < ROOM
          && (isPlain(b) || b == ' ' && from + 1 < text.length && text[from + 1] > ' ')) {
        target[to++] = b;
        column++;
        from++;
        continue;
      }
      if (b == '\r' || b == '\n') {
        from += b == '\r' && from + 1 < text.length && text[from + 1] == '\n' ? 2 : 1;
        target[to++] = '\r';
        target[to++] = '\n';
        column = 0;
        continue;
      }
      boolean plain = isPlain(b) || (b == ' ' || b == '\t') && !endsLine(text, from + 1);
      int count = plain ? 1 : sequenceLength(text, from);
      int width = plain ? 1 : count * 3;
      if (column + width > ROOM) {
        target[to++] = '=';
        target[to++] = '\r';
        target[to++] = '\n';
        column = 0;
      }
      if (plain) {
        target[to++] = b;
      } else {
        for (int i = 0; i < count; i++) {
          byte escaped = text[from + i];
          target[to++] = '=';
          target[to++] = HEX[(escaped >> 4) & 15];
          target[to++] = HEX[escaped & 15];
        }
      }
      column += width;
      from += count;
    }
    out.moveTo(to);
  }

  private static boolean isPlain(byte b) {
    return b > ' ' && b != '=' && b != 127;
  }

  private static boolean endsLine(byte[] text, int next) {
    return next == text.length || text[next] == '\r' || text[next] == '\n';
  }

  /** The bytes of the code point at {@code from}: it is never split, so that each line decodes. */
  private static int sequenceLength(byte[] text, int from) {
    int length = 1;
    if (text[from] < 0) {
      while (length < 4 && from + length < text.length && (text[from + length] & 0xc0) == 0x80) {
        length++;
      }
    }
    return length;
  }
}
