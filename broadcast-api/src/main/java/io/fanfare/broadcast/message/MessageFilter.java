package io.fanfare.broadcast.message;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which messages to list; null for any. */
record MessageFilter(
    @Nullable Long contactId, @Nullable UUID templateId, @Nullable UUID accountId) {}
