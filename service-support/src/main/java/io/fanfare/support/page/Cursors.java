package io.fanfare.support.page;

import io.fanfare.support.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Opaque cursors: the sort values of a page's last row, so that pages stay right while rows come.
 */
public final class Cursors {

  private static final char SEPARATOR = '\u001f';

  private Cursors() {}

  /** A cursor over some values. */
  public static String encode(Object... parts) {
    StringBuilder text = new StringBuilder();
    for (Object part : parts) {
      if (!text.isEmpty()) {
        text.append(SEPARATOR);
      }
      text.append(part);
    }
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The values in a cursor.
   *
   * @param parts how many there must be
   * @throws ProblemException 422 when it is no cursor of this kind
   */
  public static List<String> decode(String cursor, int parts) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      List<String> values = List.of(text.split(String.valueOf(SEPARATOR), -1));
      if (values.size() == parts) {
        return values;
      }
    } catch (IllegalArgumentException e) {
      // Answered below.
    }
    throw ProblemException.invalid("after", "is not a cursor of this collection");
  }
}
