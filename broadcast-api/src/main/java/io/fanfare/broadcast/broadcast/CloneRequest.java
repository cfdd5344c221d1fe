package io.fanfare.broadcast.broadcast;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * How the copy of a broadcast differs from it.
 *
 * @param name the copy's name; left out: the old one with "(copy)"
 */
public record CloneRequest(
    @Nullable @Size(min = 1, max = 200) @Schema(example = "Summer news") String name) {}
