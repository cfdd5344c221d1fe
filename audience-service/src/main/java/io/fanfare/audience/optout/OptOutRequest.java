package io.fanfare.audience.optout;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** What a contact wants no more. */
@Schema(name = "NewOptOut")
record OptOutRequest(
    @Schema(description = "Absent for every channel", example = "email") @Nullable String channel,
    @Schema(example = "Too many messages")
        @Size(max = OptOutRequest.MOST_REASON)
        @Pattern(regexp = "[\\P{Cntrl}\\r\\n\\t]*")
        @Nullable String reason,
    @Schema(example = "support call")
        @Size(max = OptOutRequest.MOST_SOURCE)
        @Pattern(regexp = "\\P{Cntrl}*")
        @Nullable String source,
    @Schema(
            description =
                "Of messages of this category alone, on every channel; not with a channel")
        @Nullable String category) {

  static final int MOST_REASON = 500;
  static final int MOST_SOURCE = 100;
}
