package io.fanfare.contract.send;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.delivery.Bucket;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A recipient's next order is due: audience-service releases it within the lane's credit. Keyed by
 * lane. May arrive more than once for one issue.
 *
 * @param tenantId the tenant
 * @param broadcastId the broadcast
 * @param contactId the contact
 * @param channel the channel
 * @param issue the issue the order will carry
 * @param attempt the counted try it will be
 * @param bucket where the recipient stands: {@code RETRYING}, or {@code FAILED}, {@code DEAD},
 *     {@code IN_DOUBT} when somebody asked by hand
 * @param granted somebody asked for it by hand
 * @param ledgerDay the broadcast's ledger day
 * @param lane the recipient's lane
 * @param variant the variant of the content
 * @param segment as in {@link SendMessage}; null for a single message
 */
public record RetryDue(
    UUID tenantId,
    UUID broadcastId,
    long contactId,
    Channel channel,
    int issue,
    int attempt,
    Bucket bucket,
    boolean granted,
    LocalDate ledgerDay,
    Lane lane,
    String variant,
    @Nullable Integer segment) {}
