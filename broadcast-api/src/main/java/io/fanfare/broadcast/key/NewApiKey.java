package io.fanfare.broadcast.key;

import io.fanfare.support.identity.Role;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key to be made.
 *
 * @param name what it is for, 1 to 200 characters
 * @param role viewer, editor, sender or admin
 * @param expiresAt when it stops opening, in the future; left out: never
 */
public record NewApiKey(
    @NotBlank @Size(max = 200) @Schema(example = "Newsletter backend") String name,
    @NotNull @Schema(example = "sender") Role role,
    @Nullable @Schema(example = "2030-01-01T00:00:00Z") Instant expiresAt) {}
