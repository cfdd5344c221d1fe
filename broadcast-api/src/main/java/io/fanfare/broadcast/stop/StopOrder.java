package io.fanfare.broadcast.stop;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * The order to stop all sending.
 *
 * @param reason why, for the people whose broadcasts stand still, 1 to 500 characters
 */
public record StopOrder(
    @NotBlank @Size(max = 500) @Schema(example = "the mail server is being moved") String reason) {}
