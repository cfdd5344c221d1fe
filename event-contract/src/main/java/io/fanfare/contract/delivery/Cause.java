package io.fanfare.contract.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Why a command did not end as sent.
 *
 * @param code stable, for machines: {@code mailbox_unknown}, {@code bot_blocked}, {@code
 *     connection_refused}, {@code no_address} …
 * @param detail the provider's own words, cut at 500 characters; never holds a secret
 * @param providerCode the provider's own code, such as {@code 5.1.1} or {@code 403}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Cause(String code, String detail, @Nullable String providerCode) {

  private static final int MAX_DETAIL = 500;

  public Cause {
    // A provider may say anything; PostgreSQL's text takes everything but this one character.
    detail = detail.replace('\0', '\ufffd');
    if (detail.length() > MAX_DETAIL) {
      detail = detail.substring(0, MAX_DETAIL);
    }
  }
}
