package io.fanfare.audience.segment.filter;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A filter node by node, shortcuts as what they stand for.
 *
 * @param node {@code all}, {@code any}, {@code not}, {@code segment}, or {@code leaf}
 * @param filter of a leaf or a segment: how it is written
 * @param matched whether it matches the contact; null when no contact was asked for
 * @param value of a leaf: what the contact has there; null where it has nothing
 */
@Schema(name = "SegmentExplanation")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Explanation(
    @Schema(example = "leaf") String node,
    @Schema(
            implementation = Object.class,
            example = "{\"field\": \"country\", \"op\": \"eq\", \"value\": \"GB\"}")
        @Nullable JsonNode filter,
    @Schema(example = "false") @Nullable Boolean matched,
    @Schema(implementation = Object.class, example = "DE") @Nullable Object value,
    @Schema(description = "The nodes in it") @Nullable List<Explanation> parts) {}
