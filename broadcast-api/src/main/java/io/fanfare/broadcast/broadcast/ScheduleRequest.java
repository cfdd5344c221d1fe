package io.fanfare.broadcast.broadcast;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;

/**
 * When a broadcast is to start.
 *
 * @param at an instant in the future, within a year
 */
public record ScheduleRequest(@NotNull @Schema(example = "2030-01-01T08:00:00Z") Instant at) {}
