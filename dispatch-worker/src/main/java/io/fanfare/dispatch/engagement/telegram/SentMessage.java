package io.fanfare.dispatch.engagement.telegram;

import java.time.Instant;
import java.util.UUID;

/**
 * A message that the ledger has as sent to a chat.
 *
 * @param sentAt when that was known, to the second
 */
record SentMessage(
    UUID tenantId, UUID broadcastId, long contactId, String variant, Instant sentAt) {}
