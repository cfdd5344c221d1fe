package io.fanfare.audience.list;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A contact that was asked whether it wants to be on a list.
 *
 * @param state {@code pending}, {@code confirmed} or {@code expired}
 * @param askedAt when it was asked last
 * @param expiresAt until when it can confirm
 * @param confirmedAt when it confirmed; null when it has not
 */
@Schema(name = "ListOptIn")
record ListOptIn(
    @Schema(example = "42") long contactId,
    @Schema(example = "confirmed") String state,
    Instant askedAt,
    Instant expiresAt,
    @Nullable Instant confirmedAt) {}
