package io.fanfare.audience.progress;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.swagger.v3.oas.annotations.media.Schema;

/** A recipient that was skipped before release, and where the next page goes on. */
@Schema(name = "SkippedRecipient")
record SkippedRecipient(
    @Schema(example = "42") long contactId,
    @Schema(example = "email") String channel,
    @Schema(example = "no_address") String reason,
    @JsonIgnore long row,
    @JsonIgnore long position) {}
