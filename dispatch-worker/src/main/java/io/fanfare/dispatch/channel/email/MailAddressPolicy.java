package io.fanfare.dispatch.channel.email;

/**
 * Which addresses may be put into an SMTP command: a dot-atom and a host name, ASCII only (RFC 5321
 * §4.1.2). Stricter than the grammar: quoted local parts and address literals are refused, since
 * they serve attacks more often than people.
 */
final class MailAddressPolicy {

  private static final int MAX_ADDRESS = 254;
  private static final int MAX_LOCAL = 64;
  private static final int MAX_LABEL = 63;

  private MailAddressPolicy() {}

  static boolean isSendable(String address) {
    int at = address.indexOf('@');
    return at > 0
        && at <= MAX_LOCAL
        && address.length() <= MAX_ADDRESS
        && isDotted(address, 0, at, MAX_LOCAL, "!#$%&'*+-/=?^_`{|}~")
        && isDotted(address, at + 1, address.length(), MAX_LABEL, "-_");
  }

  private static boolean isDotted(String text, int from, int until, int maxLabel, String also) {
    int label = 0;
    for (int i = from; i < until; i++) {
      char c = text.charAt(i);
      if (c == '.') {
        if (label == 0) {
          return false;
        }
        label = 0;
      } else if (isAlphanumeric(c) || also.indexOf(c) >= 0) {
        label++;
        if (label > maxLabel) {
          return false;
        }
      } else {
        return false;
      }
    }
    return label > 0;
  }

  private static boolean isAlphanumeric(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }
}
