package io.fanfare.dispatch.channel.email;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Where the header fields of a message are. Of fields with one name it knows the last, which is the
 * one a verifier takes first (RFC 6376 §5.4.2).
 */
final class DkimFields {

  /** From the first byte of a field's name to the CRLF at its end, that not included. */
  private record Place(int from, int until) {}

  private final byte[] bytes;
  private final Map<String, Place> places = new HashMap<>();
  private int bodyStart;

  private DkimFields(byte[] bytes) {
    this.bytes = bytes;
  }

  static DkimFields of(MessageBytes message) {
    DkimFields fields = new DkimFields(message.array());
    fields.find(message.length());
    return fields;
  }

  private void find(int length) {
    int from = 0;
    while (from < length && bytes[from] != '\r') {
      int colon = from;
      while (bytes[colon] != ':') {
        colon++;
      }
      int end = lineEnd(from, length);
      while (end + 2 < length && DkimCanonical.isBlank(bytes[end + 2])) {
        end = lineEnd(end + 2, length);
      }
      String name = new String(bytes, from, colon - from, StandardCharsets.US_ASCII);
      places.put(name.toLowerCase(Locale.ROOT), new Place(from, end));
      from = end + 2;
    }
    bodyStart = Math.min(length, from + 2);
  }

  private int lineEnd(int from, int length) {
    int at = from;
    while (at < length && bytes[at] != '\r') {
      at++;
    }
    return at;
  }

  /** Where the body begins. */
  int bodyStart() {
    return bodyStart;
  }

  /** Appends a field and CRLF; false when there is none of that name. */
  boolean appendCanonical(String name, MessageBytes out) {
    Place place = places.get(name.toLowerCase(Locale.ROOT));
    if (place == null) {
      return false;
    }
    DkimCanonical.header(bytes, place.from(), place.until(), out);
    out.ascii("\r\n");
    return true;
  }
}
