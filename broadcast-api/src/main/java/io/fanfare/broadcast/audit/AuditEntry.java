package io.fanfare.broadcast.audit;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One change somebody made.
 *
 * @param id which entry
 * @param actor who: {@code key:<id>}, {@code operator} or {@code system}
 * @param action what was done: create, update, delete, start …
 * @param resource the kind of thing, singular
 * @param resourceId which one
 * @param before what it was; absent when it was new. Never holds a secret
 * @param after what it is; absent when it is gone
 * @param at when
 */
public record AuditEntry(
    UUID id,
    @Schema(example = "key:018f0000-0000-7000-8000-000000000009") String actor,
    @Schema(example = "update") String action,
    @Schema(example = "channel_account") String resource,
    @Schema(example = "018f0000-0000-7000-8000-000000000003") String resourceId,
    @Nullable Map<String, Object> before,
    @Nullable Map<String, Object> after,
    Instant at) {}
