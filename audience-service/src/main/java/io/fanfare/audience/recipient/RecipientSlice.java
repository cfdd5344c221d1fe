package io.fanfare.audience.recipient;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some recipients of one state in the order of contact and channel.
 *
 * @param items fewer than asked for where a look is bounded by something else
 * @param next up to where it was looked; null when there are no more
 */
record RecipientSlice(List<RecipientSlice.Row> items, RecipientSlice.@Nullable Position next) {

  /** A place in the order; it need not be that of a recipient. */
  record Position(long contactId, String channel) {

    static final Position START = new Position(Long.MIN_VALUE, "");

    /** After every channel of a contact: no channel's name begins so. */
    static Position after(long contactId) {
      return new Position(contactId, "~");
    }
  }

  /**
   * A recipient.
   *
   * @param reason why it is skipped or cancelled, or what it waits for
   * @param at when it was handed over, skipped or cancelled
   * @param until when what it waits for is over, if that is known
   */
  record Row(
      long contactId,
      String channel,
      @Nullable String variant,
      int attempts,
      @Nullable String reason,
      @Nullable Instant at,
      @Nullable Instant until) {}
}
