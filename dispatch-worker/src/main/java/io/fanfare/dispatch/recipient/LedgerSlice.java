package io.fanfare.dispatch.recipient;

import io.fanfare.contract.Channel;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some recipients the ledger answers for, in the order of contact and channel.
 *
 * @param items fewer than asked for where many rows had to be looked at
 * @param next up to where it was looked; null when there are no more
 * @param expired the ledger day was dropped: nobody knows any more
 */
record LedgerSlice(
    List<LedgerSlice.Row> items, LedgerSlice.@Nullable Position next, boolean expired) {

  static final LedgerSlice EXPIRED = new LedgerSlice(List.of(), null, true);

  /** A place in the order. */
  record Position(long contactId, String channel) {

    static final Position START = new Position(Long.MIN_VALUE, "");

    /** After every channel of a contact: no channel's name begins so. */
    static Position after(long contactId) {
      return new Position(contactId, "~");
    }
  }

  /**
   * A recipient with the newest of its results that moved it.
   *
   * @param attempt the counted try it was
   */
  record Row(
      long contactId,
      Channel channel,
      String variant,
      Bucket bucket,
      int attempt,
      Instant at,
      @Nullable Cause cause) {}
}
