package io.fanfare.retry.due;

import io.fanfare.contract.Lane;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.send.RetryDue;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A recipient that ever needed another order.
 *
 * @param issue the issue the next order has or would have; results below it are old news
 * @param attempt the counted try the next order would be
 * @param bucket where the recipient stands
 * @param granted somebody asked for the next order by hand
 * @param segment the part of the audience that chose the recipient; null for a single message
 * @param dueAt when the next order is due; null when none is
 * @param history what was tried, oldest first, at most {@link Try#MAX_HISTORY}
 */
public record Retry(
    Recipient recipient,
    UUID tenantId,
    int issue,
    int attempt,
    Bucket bucket,
    boolean granted,
    LocalDate ledgerDay,
    Lane lane,
    String variant,
    @Nullable Integer segment,
    @Nullable Instant dueAt,
    List<Try> history) {

  /** The announcement of the next order. */
  RetryDue announcement() {
    return new RetryDue(
        tenantId,
        recipient.broadcastId(),
        recipient.contactId(),
        recipient.channel(),
        issue,
        attempt,
        bucket,
        granted,
        ledgerDay,
        lane,
        variant,
        segment);
  }
}
