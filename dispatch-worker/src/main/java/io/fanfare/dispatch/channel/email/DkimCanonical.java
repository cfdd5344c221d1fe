package io.fanfare.dispatch.channel.email;

/** The relaxed forms of RFC 6376 §3.4.2 and §3.4.4, of messages whose lines end with CRLF. */
final class DkimCanonical {

  private DkimCanonical() {}

  static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  /** Appends a header field, folds undone, without CRLF at its end. */
  static void header(byte[] bytes, int from, int until, MessageBytes out) {
    int at = from;
    while (bytes[at] != ':') {
      byte b = bytes[at++];
      if (!isBlank(b)) {
        out.put(b >= 'A' && b <= 'Z' ? b + 32 : b);
      }
    }
    out.put(':');
    boolean begun = false;
    boolean blank = false;
    for (at++; at < until; at++) {
      byte b = bytes[at];
      if (isBlank(b)) {
        blank = true;
      } else if (b != '\r' && b != '\n') {
        if (blank && begun) {
          out.put(' ');
        }
        out.put(b);
        begun = true;
        blank = false;
      }
    }
  }

  /** Appends a body: blanks made one and none at the end of a line, no empty lines at the end. */
  static void body(byte[] bytes, int from, int until, MessageBytes out) {
    bodyLines(bytes, from, until, out);
  }

  /** Appends the whole lines that a body begins with, empty ones at their end too. */
  static void bodyStart(byte[] bytes, int from, int until, MessageBytes out) {
    for (int emptyLines = bodyLines(bytes, from, until, out); emptyLines > 0; emptyLines--) {
      out.ascii("\r\n");
    }
  }

  private static int bodyLines(byte[] bytes, int from, int until, MessageBytes out) {
    int emptyLines = 0;
    int at = from;
    while (at < until) {
      boolean blank = false;
      boolean empty = true;
      while (at < until && bytes[at] != '\r') {
        byte b = bytes[at++];
        if (isBlank(b)) {
          blank = true;
          continue;
        }
        for (; empty && emptyLines > 0; emptyLines--) {
          out.ascii("\r\n");
        }
        if (blank) {
          out.put(' ');
          blank = false;
        }
        out.put(b);
        empty = false;
      }
      if (empty) {
        emptyLines++;
      } else {
        out.ascii("\r\n");
      }
      at += 2;
    }
    return emptyLines;
  }
}
