package io.fanfare.dispatch.loop;

import io.fanfare.contract.delivery.Cause;
import java.util.regex.Pattern;

/**
 * Takes a recipient's address out of a provider's words. What remains may be kept as long as the
 * ledger is: an erasure need not look for it.
 */
final class AddressRedaction {

  private static final String RECIPIENT = "<recipient>";
  private static final int SHORTEST_LOCAL_PART = 3;

  private AddressRedaction() {}

  /** The same cause where the address does not stand in it. */
  static Cause of(Cause cause, String address) {
    String detail = replaced(cause.detail(), Pattern.quote(address));
    int at = address.lastIndexOf('@');
    // Many servers name the mailbox alone; shorter ones are words of the language more often.
    if (at >= SHORTEST_LOCAL_PART) {
      String local = Pattern.quote(address.substring(0, at));
      detail = replaced(detail, "(?<![A-Za-z0-9.])" + local + "(?![A-Za-z0-9])");
    }
    return detail.equals(cause.detail())
        ? cause
        : new Cause(cause.code(), detail, cause.providerCode());
  }

  private static String replaced(String detail, String pattern) {
    return Pattern.compile("<?" + pattern + ">?", Pattern.CASE_INSENSITIVE)
        .matcher(detail)
        .replaceAll(RECIPIENT);
  }
}
