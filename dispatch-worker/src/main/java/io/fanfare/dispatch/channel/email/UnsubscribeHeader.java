package io.fanfare.dispatch.channel.email;

import io.fanfare.dispatch.channel.PreparedMessage;
import org.jspecify.annotations.Nullable;

/**
 * The header a mail program shows as a button to unsubscribe (RFC 2369 §3.2, with one click by RFC
 * 8058). Written where a message's data have an {@code unsubscribe_link}.
 */
final class UnsubscribeHeader {

  /** A line of a message ends at 998 characters (RFC 5322 §2.1.1), and a URL cannot be folded. */
  private static final int MAX_LINK = 900;

  private static final int LINE = 78;
  private static final String NAME = "List-Unsubscribe:";

  private UnsubscribeHeader() {}

  /** True when there is no link, or one that can break neither its brackets nor the header. */
  static boolean isUsable(PreparedMessage message) {
    String link = linkOf(message);
    return link == null
        || link.length() <= MAX_LINK
            && (link.startsWith("https://")
                || link.startsWith("http://")
                || link.startsWith("mailto:"))
            && link.chars().allMatch(c -> c > ' ' && c < 127 && c != '<' && c != '>' && c != '"');
  }

  /** Appends the whole field, or nothing when there is no link. */
  static void append(PreparedMessage message, MessageBytes out) {
    String link = linkOf(message);
    if (link == null) {
      return;
    }
    out.ascii(NAME).ascii(NAME.length() + 3 + link.length() > LINE ? "\r\n <" : " <");
    out.ascii(link).ascii(">\r\n");
    if (link.startsWith("https://")) {
      out.ascii("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    }
  }

  private static @Nullable String linkOf(PreparedMessage message) {
    return message.data().get("unsubscribe_link") instanceof String link ? link : null;
  }
}
