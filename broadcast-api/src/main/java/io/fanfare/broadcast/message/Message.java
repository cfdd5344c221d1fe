package io.fanfare.broadcast.message;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An accepted message.
 *
 * @param run what carries it
 * @param externalId whom to, as it was asked for; null when it was asked for by id
 * @param createdBy who asked for it
 */
record Message(
    UUID id,
    MessageRun run,
    long contactId,
    @Nullable String externalId,
    UUID templateId,
    UUID accountId,
    Instant createdAt,
    String createdBy) {}
