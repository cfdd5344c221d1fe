package io.fanfare.dispatch.recipient;

import io.fanfare.contract.Channel;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.Outcome;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger knows of one contact in one broadcast.
 *
 * @param expired the ledger day was dropped: nobody knows any more
 */
record LedgerHistory(List<LedgerHistory.Order> orders, boolean expired) {

  /**
   * An order to send, from its claim on.
   *
   * @param segment the part of the audience that chose the recipient
   * @param bucket where the recipient was before
   * @param outcome how it ended; null while it is under way
   * @param at when it ended
   * @param cause why, unless sent
   * @param retryAt the earliest instant the provider wants a retry, if it named one
   */
  record Order(
      Channel channel,
      int issue,
      int attempt,
      String variant,
      @Nullable Integer segment,
      Bucket bucket,
      Instant claimedAt,
      @Nullable Outcome outcome,
      @Nullable Instant at,
      @Nullable Cause cause,
      @Nullable Instant retryAt,
      @Nullable String providerMessageId) {}
}
