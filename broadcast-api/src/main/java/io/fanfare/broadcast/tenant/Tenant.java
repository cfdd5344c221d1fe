package io.fanfare.broadcast.tenant;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;

/**
 * A tenant: whoever's contacts, broadcasts and keys are kept apart from everybody else's.
 *
 * @param id which tenant
 * @param name its name, for people
 * @param ratePerMinute at most so many messages in any minute, over all its broadcasts; 0: as many
 *     as the channels take
 * @param createdAt when it was made
 */
public record Tenant(
    UUID id,
    @Schema(example = "Example School") String name,
    @Schema(example = "6000") int ratePerMinute,
    Instant createdAt) {

  static final int MAX_RATE = 6_000_000;
}
