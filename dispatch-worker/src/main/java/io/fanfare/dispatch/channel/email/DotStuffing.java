package io.fanfare.dispatch.channel.email;

/** The transparency of RFC 5321 §4.5.2. */
final class DotStuffing {

  private DotStuffing() {}

  /**
   * Appends a message as it goes over the wire: a dot before each line that begins with one, CRLF
   * at the end if there is none, and the line with the single dot.
   */
  static void append(byte[] message, MessageBytes out) {
    appendLines(message, out);
    boolean lineStart = message.length > 0 && message[message.length - 1] == '\n';
    out.ascii(lineStart ? ".\r\n" : "\r\n.\r\n");
  }

  /** Appends the beginning of a message, which more follows. */
  static void appendLines(byte[] message, MessageBytes out) {
    out.reserve(message.length + 64);
    int from = 0;
    for (int i = 0; i < message.length; i++) {
      if (message[i] == '.' && (i == 0 || message[i - 1] == '\n')) {
        out.put(message, from, i).put('.');
        from = i;
      }
    }
    out.put(message, from, message.length);
  }
}
