package io.fanfare.audience.progress;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where the recipients of a broadcast stand, from one snapshot. */
@Schema(name = "AudienceProgress")
record Progress(
    UUID broadcastId,
    @Schema(description = "The audience is fixed; before that every figure is 0") boolean frozen,
    @JsonUnwrapped Counters total,
    @Schema(
            description =
                "Recipients skipped by reason; at_send are those a worker skipped, having lost"
                    + " their address after release",
            example = "{\"no_address\": 12}")
        Map<String, Long> skippedByReason,
    @Schema(description = "The same figures by channel") Map<String, Counters> channels,
    @Schema(
            description = "By channel: commands that may be released and without a result",
            example = "{\"email\": 1500}")
        Map<String, Long> lookAhead,
    @Nullable Instant lastActivityAt,
    @Schema(
            description =
                "Of the pending ones, those whose own time has not come: the local time or the"
                    + " preferred hour of the broadcast, the delay of a variant, quiet hours",
            example = "1200")
        long waiting,
    @Schema(description = "When the last of those may be sent to")
        @Nullable Instant waitingUntil) {}
