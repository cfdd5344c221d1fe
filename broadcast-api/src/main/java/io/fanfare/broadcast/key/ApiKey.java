package io.fanfare.broadcast.key;

import io.fanfare.support.identity.Role;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An API key as the API shows it: never the key itself.
 *
 * @param id which key
 * @param name what it is for
 * @param role what it may do
 * @param prefix the part of the key after {@code ff_}, to recognise it by
 * @param createdAt when it was made
 * @param createdBy who made it: {@code key:<id>} or {@code operator}
 * @param expiresAt when it stops opening; absent when it does not
 * @param revokedAt when it was revoked; absent while it was not
 * @param lastUsedAt when it was last used, to the minute; absent when it never was
 */
public record ApiKey(
    UUID id,
    @Schema(example = "Newsletter backend") String name,
    Role role,
    @Schema(example = "k3v9x0aq") String prefix,
    Instant createdAt,
    @Schema(example = "operator") String createdBy,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt,
    @Nullable Instant lastUsedAt) {}
