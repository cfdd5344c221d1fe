package io.fanfare.broadcast.message;

import io.fanfare.contract.broadcast.DeliveryPolicy;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What messages that one broadcast can carry have in common. */
record Stream(
    UUID tenantId,
    UUID templateId,
    long templateVersion,
    UUID accountId,
    DeliveryPolicy policy,
    @Nullable String category) {}
