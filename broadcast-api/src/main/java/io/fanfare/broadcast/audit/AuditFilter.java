package io.fanfare.broadcast.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries are asked for; what is left out does not restrict.
 *
 * @param actor who
 * @param action what was done
 * @param resource the kind of thing
 * @param resourceId which one
 * @param from not before this instant
 * @param to before this instant
 */
record AuditFilter(
    @Nullable String actor,
    @Nullable String action,
    @Nullable String resource,
    @Nullable String resourceId,
    @Nullable Instant from,
    @Nullable Instant to) {}
