package io.fanfare.dispatch.channel.email;

import io.fanfare.contract.content.Media;
import java.nio.charset.StandardCharsets;

/**
 * A file that every message of a content carries.
 *
 * @param bytes the file itself; never changed
 */
record MailFile(Media media, byte[] bytes) {

  private static final String PLAIN = "-._";

  /**
   * The header of its part, in lines that end with CRLF. The name stands there twice: in ASCII for
   * readers that know no other, and as it is (RFC 2231).
   */
  String header() {
    String id = media.contentId();
    String name = media.fileName();
    return "Content-Type: %s\r\nContent-Transfer-Encoding: base64\r\n%sContent-Disposition: %s;\r\n filename=\"%s\";\r\n filename*=UTF-8''%s\r\n"
        .formatted(
            media.contentType(),
            id == null ? "" : "Content-ID: <" + id + ">\r\n",
            id == null ? "attachment" : "inline",
            ascii(name),
            percentEncoded(name));
  }

  private static String ascii(String name) {
    StringBuilder ascii = new StringBuilder(name.length());
    name.codePoints()
        .forEach(
            c -> ascii.append(isPlain(c) || c == ' ' || c == '(' || c == ')' ? (char) c : '_'));
    return ascii.toString();
  }

  private static String percentEncoded(String name) {
    StringBuilder encoded = new StringBuilder(name.length() * 3);
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain(b)) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append("%02X".formatted(b & 0xff));
      }
    }
    return encoded.toString();
  }

  private static boolean isPlain(int c) {
    return c >= '0' && c <= '9'
        || c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c > 0 && PLAIN.indexOf(c) >= 0;
  }
}
