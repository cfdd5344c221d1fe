package io.fanfare.dispatch.engagement.telegram;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message that the ledger has as sent to a chat.
 *
 * @param segment the part of the audience that chose the recipient; null for a single message
 * @param sentAt when that was known, to the second
 */
record ChatMessage(
    UUID tenantId,
    UUID broadcastId,
    long contactId,
    String variant,
    @Nullable Integer segment,
    Instant sentAt) {}
