package io.fanfare.dispatch.channel.email;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * How a text body travels (RFC 2045 §6). Takes a whole text, gives ASCII lines of at most 76
 * characters that end with CRLF, without one after the last. Every kind of line end in the text, a
 * lone CR or LF too, becomes a line end; nothing else changes.
 */
enum BodyEncoding {
  QUOTED_PRINTABLE("quoted-printable") {
    @Override
    void encode(String text, MessageBytes out) {
      QuotedPrintable.encode(text.getBytes(StandardCharsets.UTF_8), out);
    }
  },
  BASE64("base64") {
    @Override
    void encode(String text, MessageBytes out) {
      out.put(LINES.encode(withCrlf(text.getBytes(StandardCharsets.UTF_8))));
    }
  };

  private static final Base64.Encoder LINES = Base64.getMimeEncoder(76, new byte[] {'\r', '\n'});

  private final String headerValue;

  BodyEncoding(String headerValue) {
    this.headerValue = headerValue;
  }

  /** The value of Content-Transfer-Encoding. */
  String headerValue() {
    return headerValue;
  }

  abstract void encode(String text, MessageBytes out);

  /**
   * Chooses once for all messages of a content: base64 when more than a quarter of the bytes are
   * not ASCII, since quoted-printable would then be the longer one.
   */
  static BodyEncoding of(String template) {
    byte[] bytes = template.getBytes(StandardCharsets.UTF_8);
    int nonAscii = 0;
    for (byte b : bytes) {
      if (b < 0) {
        nonAscii++;
      }
    }
    return nonAscii * 4L > bytes.length ? BASE64 : QUOTED_PRINTABLE;
  }

  private static byte[] withCrlf(byte[] text) {
    MessageBytes lines = new MessageBytes(text.length + text.length / 16 + 16);
    for (int i = 0; i < text.length; i++) {
      byte b = text[i];
      if (b == '\r' || b == '\n') {
        lines.put('\r').put('\n');
        if (b == '\r' && i + 1 < text.length && text[i + 1] == '\n') {
          i++;
        }
      } else {
        lines.put(b);
      }
    }
    return lines.copy();
  }
}
