package io.fanfare.broadcast.broadcast.recipient;

import io.fanfare.contract.delivery.Cause;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Recipients as records of RFC 4180. What people or providers wrote must not become a formula in
 * whoever's spreadsheet opens it (OWASP, "CSV Injection"): a text that begins like one gets an
 * apostrophe.
 */
final class RecipientCsv {

  static final String HEADER =
      "contact_id,external_id,channel,address,variant,state,reason,detail,attempts,at,until\r\n";

  private static final String FORMULA = "=+-@\t\r\n";

  private RecipientCsv() {}

  /** A record with its line end. */
  static String line(Recipient recipient) {
    Cause reason = recipient.reason();
    List<@Nullable Object> cells =
        Arrays.asList(
            recipient.contactId(),
            recipient.externalId(),
            recipient.channel(),
            address(recipient),
            recipient.variant(),
            recipient.state().id(),
            reason == null ? null : reason.code(),
            reason == null ? null : reason.detail(),
            recipient.attempts(),
            recipient.at(),
            recipient.until());
    StringBuilder line = new StringBuilder();
    for (Object cell : cells) {
      line.append(line.isEmpty() ? "" : ",").append(cell(cell));
    }
    return line.append("\r\n").toString();
  }

  /** The chat of a group is a negative number, which is no formula. */
  private static @Nullable Object address(Recipient recipient) {
    String address = recipient.address();
    return address != null && address.matches("-?[0-9]{1,18}") ? Long.valueOf(address) : address;
  }

  private static String cell(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    String text = value.toString();
    if (!(value instanceof Number) && !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0) {
      text = "'" + text;
    }
    boolean quoted = text.chars().anyMatch(c -> c == ',' || c == ';' || c == '"' || c < ' ');
    return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
