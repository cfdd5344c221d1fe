package io.fanfare.audience.segment;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A segment as it is kept.
 *
 * @param filter as it was written
 * @param contacts how many contacts it had when it was counted last; null before
 * @param countedAt when that was
 * @param version grows by one with every edit; the number in the {@code ETag}
 */
@Schema(name = "Segment")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Segment(
    @Schema(example = "0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d") UUID id,
    @Schema(example = "Students in London") String name,
    @Schema(example = "For the open day") @Nullable String description,
    @Schema(implementation = Object.class, example = SegmentExamples.FILTER) JsonNode filter,
    @Schema(description = "Absent until it is counted", example = "1234") @Nullable Long contacts,
    @Schema(description = "When it was counted") @Nullable Instant countedAt,
    @Schema(example = "1") long version,
    Instant createdAt,
    Instant updatedAt) {}
