package io.fanfare.broadcast.stop;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether all sending is stopped.
 *
 * @param stopped no broadcast sends
 * @param reason why; absent when nothing is stopped
 * @param changedAt when it was last stopped or lifted
 * @param changedBy by whom
 */
@Schema(name = "GlobalStop")
public record GlobalStopView(
    boolean stopped,
    @Nullable @Schema(example = "the mail server is being moved") String reason,
    Instant changedAt,
    @Schema(example = "operator") String changedBy) {}
