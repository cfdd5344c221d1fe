package io.fanfare.audience.optout;

import io.fanfare.contract.Channel;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An opt-out that stands.
 *
 * @param channel null for every channel
 * @param reason why, in the words of whoever wrote it down
 * @param source where it came from
 * @param actor who wrote it down
 * @param since when
 * @param category null for all messages
 */
@Schema(name = "OptOut")
record OptOut(
    @Schema(
            type = "string",
            description = "Absent when it is about every channel",
            example = "email")
        @Nullable Channel channel,
    @Schema(example = "Too many messages") @Nullable String reason,
    @Schema(example = "support call") @Nullable String source,
    @Schema(example = "key:0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d") String actor,
    Instant since,
    @Schema(description = "Absent when it is about all messages", example = "newsletter")
        @Nullable String category) {

  OptOutScope scope() {
    return new OptOutScope(channel, category);
  }
}
