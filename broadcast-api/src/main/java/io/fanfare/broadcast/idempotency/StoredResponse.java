package io.fanfare.broadcast.idempotency;

import org.jspecify.annotations.Nullable;

/** An answer as it was first given. */
record StoredResponse(
    int status,
    @Nullable String contentType,
    @Nullable String location,
    @Nullable String etag,
    byte[] body) {}
