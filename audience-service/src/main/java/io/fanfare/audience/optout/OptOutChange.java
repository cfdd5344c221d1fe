package io.fanfare.audience.optout;

import io.fanfare.contract.Channel;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An opt-out, or an opt-in that lifted one.
 *
 * @param id grows with every change
 * @param change {@code opt_out} or {@code opt_in}
 * @param channel null for every channel
 * @param category null for all messages
 * @param reason why, in the words of whoever wrote it down
 * @param source where it came from
 * @param actor who wrote it down
 * @param at when
 */
@Schema(name = "OptOutChange")
record OptOutChange(
    @Schema(example = "17") long id,
    @Schema(example = "opt_in") String change,
    @Schema(
            type = "string",
            description = "Absent when it is about every channel",
            example = "email")
        @Nullable Channel channel,
    @Schema(description = "Absent when it is about all messages", example = "newsletter")
        @Nullable String category,
    @Schema(example = "Asked for it again") @Nullable String reason,
    @Schema(example = "preferences") @Nullable String source,
    @Schema(example = "contact") String actor,
    Instant at) {}
