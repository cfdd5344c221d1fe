package io.fanfare.audience.list;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A static list.
 *
 * @param contacts how many members it has, exactly
 * @param doubleOptIn how contacts are asked before they are members; null: they are not
 * @param version grows by one with every edit; the number in the {@code ETag}
 */
@Schema(name = "ContactList")
record ContactList(
    @Schema(example = "0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d") UUID id,
    @Schema(example = "All students") String name,
    @Schema(example = "Everybody enrolled this year") @Nullable String description,
    @Schema(example = "10000") long contacts,
    @Schema(example = "1") long version,
    Instant createdAt,
    Instant updatedAt,
    @Nullable DoubleOptIn doubleOptIn) {}
