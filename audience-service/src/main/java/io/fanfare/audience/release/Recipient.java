package io.fanfare.audience.release;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A contact as a command needs it.
 *
 * @param address where to on the command's channel; null when there is none
 * @param contact the fields the content uses
 * @param variables of a single message; null when it is none
 */
record Recipient(
    @Nullable String address,
    Map<String, Object> contact,
    @Nullable Map<String, Object> variables) {

  Recipient(@Nullable String address, Map<String, Object> contact) {
    this(address, contact, null);
  }

  Recipient withVariables(@Nullable Map<String, Object> own) {
    return new Recipient(address, contact, own);
  }

  /** Somebody who was erased since the freeze. */
  static final Recipient GONE = new Recipient(null, Map.of());
}
