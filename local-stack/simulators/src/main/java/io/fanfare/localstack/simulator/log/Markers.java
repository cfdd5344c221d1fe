package io.fanfare.localstack.simulator.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds a broadcast's marker in a message: the header {@code X-Fanfare-Broadcast}, else the first
 * {@code ref:<id>} in the text. An id is made of letters, digits, {@code -} and {@code _}. Not safe
 * for several threads: it remembers the last marker, which most messages share.
 */
public final class Markers {

  private static final byte[] HEADER = "x-fanfare-broadcast:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] REFERENCE = "ref:".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_ID = 100;

  private final byte[] id = new byte[LONGEST_ID];
  private byte[] lastId = new byte[0];
  private String last = "";

  /** The marker of a message of RFC 5322, or the empty string. */
  public String ofMail(byte[] bytes, int length) {
    int line = 0;
    while (line < length && bytes[line] != '\r' && bytes[line] != '\n') {
      if (startsWithIgnoringCase(bytes, line, length)) {
        int from = line + HEADER.length;
        while (from < length && (bytes[from] == ' ' || bytes[from] == '\t')) {
          from++;
        }
        return idAt(bytes, from, length);
      }
      while (line < length && bytes[line] != '\n') {
        line++;
      }
      line++;
    }
    return reference(bytes, line, length);
  }

  /** The marker of any other text, or the empty string. */
  public String ofText(@Nullable String text) {
    if (text == null || !text.contains("ref:")) {
      return "";
    }
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return reference(bytes, 0, bytes.length);
  }

  private static boolean startsWithIgnoringCase(byte[] bytes, int at, int length) {
    if (length - at < HEADER.length) {
      return false;
    }
    for (int i = 0; i < HEADER.length; i++) {
      int octet = bytes[at + i];
      if ((octet >= 'A' && octet <= 'Z' ? octet + 32 : octet) != HEADER[i]) {
        return false;
      }
    }
    return true;
  }

  private String reference(byte[] bytes, int from, int length) {
    for (int at = from; at + REFERENCE.length < length; at++) {
      if (bytes[at] == 'r'
          && bytes[at + 1] == 'e'
          && bytes[at + 2] == 'f'
          && bytes[at + 3] == ':'
          && (at == 0 || !isIdOctet(bytes[at - 1]))) {
        var found = idAt(bytes, at + REFERENCE.length, length);
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    return "";
  }

  private String idAt(byte[] bytes, int from, int length) {
    int size = 0;
    for (int at = from; at < length && size < LONGEST_ID; at++) {
      if (isIdOctet(bytes[at])) {
        id[size++] = bytes[at];
      } else if (bytes[at] == '=' && at + 2 < length && bytes[at + 1] == '\r') {
        // A soft line break of quoted-printable may fall inside an id.
        at += 2;
      } else {
        break;
      }
    }
    if (!Arrays.equals(id, 0, size, lastId, 0, lastId.length)) {
      lastId = Arrays.copyOf(id, size);
      last = new String(lastId, StandardCharsets.US_ASCII);
    }
    return last;
  }

  private static boolean isIdOctet(byte octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9')
        || octet == '-'
        || octet == '_';
  }
}
