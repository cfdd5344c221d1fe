package io.fanfare.dispatch.channel.email;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Writes a subject or a name into a header: as it is where every parser reads it back the same, as
 * encoded words (RFC 2047) otherwise. Line ends and other control characters of the text become
 * blanks, so no text can begin a header of its own.
 */
final class HeaderText {

  /** The longest line, its CRLF not counted (RFC 2047 §2). */
  private static final int LINE = 76;

  private static final int WORD = 75;
  private static final String Q_START = "=?UTF-8?Q?";
  private static final String B_START = "=?UTF-8?B?";
  private static final String END = "?=";
  private static final int FRAME = Q_START.length() + END.length();
  private static final String FOLD = "\r\n ";
  private static final String HEX = "0123456789ABCDEF";

  private HeaderText() {}

  /**
   * Appends a text such as a subject.
   *
   * @param column where in its line it begins
   */
  static void unstructured(String text, int column, MessageBytes out) {
    String clean = clean(text);
    if (isPlainAscii(clean) && column + clean.length() <= LINE) {
      out.ascii(clean);
    } else {
      encodedWords(clean, column, out);
    }
  }

  /**
   * Appends the name of a mailbox and gives the column after it; the name must not be blank.
   *
   * @param column where in its line it begins
   */
  static int phrase(String name, int column, MessageBytes out) {
    String clean = clean(name);
    if (!isPlainAscii(clean) || column + clean.length() * 2 + 2 > LINE) {
      return encodedWords(clean, column, out);
    }
    int before = out.length();
    if (clean.chars().allMatch(HeaderText::isAtomOrBlank)) {
      out.ascii(clean);
    } else {
      out.put('"');
      for (int i = 0; i < clean.length(); i++) {
        char c = clean.charAt(i);
        if (c == '"' || c == '\\') {
          out.put('\\');
        }
        out.put(c);
      }
      out.put('"');
    }
    return column + out.length() - before;
  }

  /** The text in one line: control characters and line separators are blanks, ends are stripped. */
  static String clean(String text) {
    StringBuilder cleaned = null;
    for (int i = 0; i < text.length(); i++) {
      if (isControl(text.charAt(i))) {
        cleaned = cleaned == null ? new StringBuilder(text) : cleaned;
        cleaned.setCharAt(i, ' ');
      }
    }
    return (cleaned == null ? text : cleaned.toString()).strip();
  }

  private static boolean isControl(char c) {
    return c < ' ' || c >= 0x7f && c <= 0x9f || c == '\u2028' || c == '\u2029';
  }

  /** ASCII that nobody could take for an encoded word, and whose blanks no parser would merge. */
  private static boolean isPlainAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > '~') {
        return false;
      }
    }
    return !text.contains("=?") && !text.contains("  ");
  }

  private static boolean isAtomOrBlank(int c) {
    return c == ' ' || isAlphanumeric(c) || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
  }

  private static boolean isAlphanumeric(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }

  /** Appends words of at most 75 characters, one a line, cut at code points only. */
  private static int encodedWords(String text, int column, MessageBytes out) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean base64 = quotedLength(bytes) > (bytes.length + 2) / 3 * 4;
    int from = 0;
    int at = column;
    while (from < bytes.length) {
      // A header that leaves little of its first line begins on the next.
      if (LINE - at < FRAME + 16) {
        out.ascii(FOLD);
        at = 1;
      }
      int room = Math.min(WORD, LINE - at) - FRAME;
      int until = fitting(bytes, from, room, base64);
      int before = out.length();
      out.ascii(base64 ? B_START : Q_START);
      if (base64) {
        byte[] part = Arrays.copyOfRange(bytes, from, until);
        out.put(Base64.getEncoder().encode(part));
      } else {
        quoted(bytes, from, until, out);
      }
      out.ascii(END);
      at += out.length() - before;
      from = until;
      if (from < bytes.length) {
        out.ascii(FOLD);
        at = 1;
      }
    }
    return at;
  }

  /** The end of the longest run of whole code points that encodes into {@code room} characters. */
  private static int fitting(byte[] bytes, int from, int room, boolean base64) {
    int until = from;
    int used = 0;
    while (until < bytes.length) {
      int next = until + 1;
      while (next < bytes.length && (bytes[next] & 0xc0) == 0x80) {
        next++;
      }
      used =
          base64
              ? (next - from + 2) / 3 * 4
              : used + (next - until) * (isQuotedPlain(bytes[until]) ? 1 : 3);
      if (used > room && until > from) {
        break;
      }
      until = next;
    }
    return until;
  }

  private static int quotedLength(byte[] bytes) {
    int length = 0;
    for (byte b : bytes) {
      length += isQuotedPlain(b) ? 1 : 3;
    }
    return length;
  }

  /** One character in the Q encoding, and allowed in a phrase as well (RFC 2047 §5 (3)). */
  private static boolean isQuotedPlain(byte b) {
    return b == ' '
        || isAlphanumeric(b)
        || b == '-'
        || b == '!'
        || b == '*'
        || b == '+'
        || b == '/';
  }

  private static void quoted(byte[] bytes, int from, int until, MessageBytes out) {
    for (int i = from; i < until; i++) {
      byte b = bytes[i];
      if (b == ' ') {
        out.put('_');
      } else if (isQuotedPlain(b)) {
        out.put(b);
      } else {
        out.put('=').put(HEX.charAt((b >> 4) & 15)).put(HEX.charAt(b & 15));
      }
    }
  }
}
