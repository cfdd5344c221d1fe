package io.fanfare.broadcast.tenant;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * A tenant to be made.
 *
 * @param name its name, for people, 1 to 200 characters
 */
public record NewTenant(
    @NotBlank @Size(max = 200) @Schema(example = "Example School") String name) {}
