package io.fanfare.dispatch.channel.email;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server's reply, all its lines.
 *
 * @param code 200 to 599
 * @param lines the texts after the code, at least one, each perhaps empty
 */
record SmtpReply(int code, List<String> lines) {

  private static final Pattern ENHANCED = Pattern.compile("[245]\\.\\d{1,3}\\.\\d{1,3}(?=\\s|$)");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /** The server closes the connection (RFC 5321 §3.8). */
  static final int CLOSING = 421;

  boolean isPositive() {
    return code / 100 == 2;
  }

  boolean isRefusal() {
    return code >= 400;
  }

  boolean isPermanent() {
    return code >= 500;
  }

  boolean isClosing() {
    return code == CLOSING;
  }

  /** The enhanced status code (RFC 3463), when there is one that agrees with the code. */
  @Nullable String enhanced() {
    Matcher matcher = ENHANCED.matcher(lines.getFirst());
    return matcher.lookingAt() && matcher.group().charAt(0) - '0' == code / 100
        ? matcher.group()
        : null;
  }

  /** The server's words in one line, code included. */
  String text() {
    return code + " " + CONTROL.matcher(String.join(" ", lines)).replaceAll(" ").strip();
  }
}
